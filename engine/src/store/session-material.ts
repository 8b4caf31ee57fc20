import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { EventMaterial, SessionMaterial } from '@cerberusmesh/contract/session-material';
import { Severity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';

/** With what decides whether it is read now, and what decide is asked about afterwards. */
export interface StoredMaterial extends SessionMaterial {
  readonly isActive: boolean;
  readonly isProbe: boolean;
  readonly lastEventAt: Date;
  readonly gravestEventId: string | null;
}

interface EventRow {
  readonly id: string;
  readonly event_type: string;
  readonly second: number;
  readonly severity: string;
  readonly threat_score: number | null;
  readonly techniques: string[] | null;
  readonly texts: Readonly<Record<string, string | null>>;
}

/** Names for Cowrie's fields that hold a visitor's words; `command`, `username` and `password` are columns. */
const rawTexts = {
  url: 'url',
  file: 'filename',
  destination: 'destfile',
  client: 'version',
  sha256: 'shasum',
} as const;
/** Events without words of the visitor tell an analyst nothing that the session's own row does not. */
const wordless = '\\.(connect|closed|kex|size|params|open|closed|option)$';

/** A session with its first and its gravest events, at most `eventsMax` of them and `charactersMax` of each text. */
export async function loadSessionMaterial(
  pool: pg.Pool,
  session: { readonly sensor: string; readonly sessionId: string },
  { eventsMax, charactersMax }: { readonly eventsMax: number; readonly charactersMax: number },
): Promise<StoredMaterial | undefined> {
  const { rows } = await pool.query<SessionRow>(sessionText, [session.sessionId, session.sensor]);
  const row = rows[0];
  if (!row) return undefined;
  const { rows: events } = await pool.query<EventRow>(eventsText, [
    session.sessionId,
    session.sensor,
    // An event's id begins with its time, so the session's times bound the partitions and the walk along the index.
    eventIdFloor(row.start_time.getTime()),
    eventIdFloor(row.last_event_time.getTime() + 1),
    Math.floor(eventsMax / 3),
    eventsMax,
    charactersMax,
    row.start_time,
  ]);
  return { ...toMaterial(row), ...session, gravestEventId: gravestOf(events), events: events.map(toEvent) };
}

interface SessionRow {
  readonly source_ip: string | null;
  readonly protocol: string | null;
  readonly severity: string;
  readonly threat_score: number;
  readonly start_time: Date;
  readonly last_event_time: Date;
  readonly event_count: number;
  readonly command_count: number;
  readonly is_active: boolean;
  readonly is_probe: boolean;
}

const sessionText = `
select source_ip, protocol, severity, threat_score, start_time, last_event_time, event_count, command_count, is_active,
       is_probe
  from sessions where session_id = $1 and sensor = $2`;

const textColumns = [
  ...['command', 'username', 'password'].map((column) => `'${column}', left(${column}, $7)`),
  ...Object.entries(rawTexts).map(([name, field]) => `'${name}', left(raw_event->>'${field}', $7)`),
].join(', ');

const eventsText = `
with told as (
  select id, event_type, extract(epoch from timestamp - $8::timestamptz)::float8 as second, severity, threat_score,
         techniques, jsonb_build_object(${textColumns}) as texts
    from events
   where session_id = $1 and sensor = $2 and id >= $3 and id < $4 and event_type !~ '${wordless}'
   order by id limit 5000),
chosen as (
  (select * from told order by id limit $5)
  union
  (select * from told order by threat_score desc nulls last, id limit $6))
select * from chosen order by id limit $6`;

function toMaterial(row: SessionRow) {
  const severity = Severity.safeParse(row.severity);
  return {
    sourceIp: row.source_ip,
    protocol: row.protocol,
    severity: severity.success ? severity.data : ('LOW' as const),
    threatScore: row.threat_score,
    durationSeconds: (row.last_event_time.getTime() - row.start_time.getTime()) / 1000,
    eventCount: row.event_count,
    commandCount: row.command_count,
    isActive: row.is_active,
    isProbe: row.is_probe,
    lastEventAt: row.last_event_time,
  };
}

function gravestOf(events: readonly EventRow[]): string | null {
  const [first, ...rest] = events;
  if (!first) return null;
  return rest.reduce(
    (gravest, event) => ((event.threat_score ?? 0) > (gravest.threat_score ?? 0) ? event : gravest),
    first,
  ).id;
}

function toEvent({ id, event_type, second, severity, techniques, texts }: EventRow): EventMaterial {
  const said = Object.entries(texts).flatMap(([name, text]) => (text === null ? [] : [[name, text] as const]));
  return { id, type: event_type, second, severity, techniques: techniques ?? [], texts: said };
}
