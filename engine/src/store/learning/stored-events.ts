import type { Assessment } from '@cerberusmesh/contract/assessment';
import type { Severity, StoredSeverity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';

/** A stored event with its line, as far as it is needed to read and assess it again. */
export interface StoredEvent {
  readonly id: string;
  readonly eventType: string;
  /** ISO 8601 with microseconds, as in SensorEvent. */
  readonly timestamp: string;
  readonly sensor: string;
  readonly sessionId: string | null;
  readonly protocol: string | null;
  readonly sourceIp: string | null;
  readonly sourcePort: number | null;
  /** JSON text; the line's own bytes where JSON cannot say it. */
  readonly line: string;
  readonly probe: boolean;
  readonly severity: StoredSeverity;
  readonly threatScore: number;
  readonly techniques: readonly string[];
  readonly analyzed: boolean;
  /** What a person said it is. */
  readonly corrected: Severity | null;
}

const storedEventColumns = `
  e.id, e.event_type as "eventType", to_char(e.timestamp at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as timestamp,
  e.sensor, e.session_id as "sessionId", e.protocol, e.source_ip as "sourceIp", e.source_port as "sourcePort",
  e.raw_event::text as line, e.raw_bytes as bytes, e.is_probe as probe, e.severity,
  coalesce(e.threat_score, 0) as "threatScore", coalesce(e.techniques, '{}') as techniques, e.is_analyzed as analyzed,
  (select f.severity from feedback f where f.event_id = e.id) as corrected`;

/** Columns of `storedEventColumns` as the driver gives them. */
export type StoredEventRow = Omit<StoredEvent, 'line'> & { readonly line: string; readonly bytes: Buffer | null };

function toStoredEvent({ bytes, ...row }: StoredEventRow): StoredEvent {
  return bytes === null ? row : { ...row, line: bytes.toString('utf8') };
}

/** A page of events with ids from `fromId` (exclusive where `after`) to `toId` (exclusive), in order of their ids. */
export async function readStoredEvents(
  connection: Pick<pg.Pool, 'query'>,
  page: { readonly fromId: string; readonly after: boolean; readonly toId: string; readonly limit: number },
): Promise<StoredEvent[]> {
  const { rows } = await connection.query<StoredEventRow>({
    name: `stored events ${page.after ? 'after' : 'from'}`,
    text: `select ${storedEventColumns} from events e
            where e.id ${page.after ? '>' : '>='} $1 and e.id < $2 order by e.id limit $3`,
    values: [page.fromId, page.toId, page.limit],
  });
  return rows.map(toStoredEvent);
}

/** For each session all of its events before `beforeId`, oldest first: what its state is made of. */
export async function readEarlierEvents(
  pool: pg.Pool,
  sessions: readonly { readonly sensor: string; readonly sessionId: string; readonly beforeId: string }[],
): Promise<StoredEvent[]> {
  if (sessions.length === 0) return [];
  const { rows } = await pool.query<StoredEventRow>({
    name: 'earlier events',
    text: `select ${storedEventColumns}
             from unnest($1::text[], $2::text[], $3::uuid[]) as s (sensor, session_id, before_id)
             join events e on e.session_id = s.session_id and e.sensor = s.sensor and e.id < s.before_id
            order by e.id`,
    values: [sessions.map((s) => s.sensor), sessions.map((s) => s.sessionId), sessions.map((s) => s.beforeId)],
  });
  return rows.map(toStoredEvent);
}

/** Ids of events that wait for a model, the oldest first. */
export async function findUnanalyzed(pool: pg.Pool, fromId: string, limit: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'find unanalyzed',
    text: 'select id from events where not is_analyzed and id >= $1 order by id limit $2',
    values: [fromId, limit],
  });
  return rows.map(({ id }) => id);
}

/** An event with what it was told to be before, and what it is now. */
export interface Reassessed {
  readonly event: StoredEvent;
  readonly assessment: Assessment;
  /** Set where the visitor typed a command: `rollup_commands` shows it. */
  readonly typed: string | null;
  /** What the session remembers of its logins after this event; absent where that did not change. */
  readonly oddestLogin?: number | undefined;
}
