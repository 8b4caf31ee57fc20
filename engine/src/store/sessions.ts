import { SessionState } from '@cerberusmesh/contract/assessment';
import { sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type pg from 'pg';
import {
  booleanColumn,
  integerColumn,
  jsonColumn,
  realColumn,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './array-parameters.ts';
import { type SessionDelta, uuidOf } from './summarize.ts';

/** What assess remembered of these sessions, for the ones that are stored. Keys are those of `sessionKeyOf`. */
export async function loadSessionStates(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, SessionState>> {
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<{ sensor: string; session_id: string; state: unknown }>({
    name: 'load session states',
    text: 'select sensor, session_id, state from sessions where id = any($1::uuid[])',
    values: [uuidColumn(keys, uuidOf)],
  });
  const states = new Map<string, SessionState>();
  for (const row of rows) {
    // A state of another version is no loss: the session is assessed from here on as if it were new.
    const state = SessionState.safeParse(row.state);
    const key = sessionKeyOf({ sensor: row.sensor, sessionId: row.session_id });
    if (state.success && key !== undefined) states.set(key, state.data);
  }
  return states;
}

/**
 * Adds a batch's share to its sessions. What a batch remembers of a session may be older than what is stored, where its
 * events were assessed again meanwhile, so severity, score and techniques only grow here. Rows are taken in order of their key, so two writers never wait for each
 * other in a ring.
 * @returns for each address, how many sessions are new.
 */
export async function upsertSessions(
  client: pg.PoolClient,
  deltas: ReadonlyMap<string, SessionDelta>,
  states: ReadonlyMap<string, SessionState>,
): Promise<Map<string, number>> {
  if (deltas.size === 0) return new Map();
  const rows = [...deltas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, delta]) => ({ id: uuidOf(key), delta, state: states.get(key) }));
  const { rows: made } = await client.query<{ source_ip: string | null; fresh: number }>({
    name: 'upsert sessions',
    text: upsertText,
    values: [
      uuidColumn(rows, ({ id }) => id),
      textColumn(rows, ({ delta }) => delta.sessionId),
      textColumn(rows, ({ delta }) => delta.sensor),
      textColumn(rows, ({ delta }) => delta.sourceIp),
      textColumn(rows, ({ delta }) => delta.protocol),
      timestampColumn(rows, ({ delta }) => delta.firstTime),
      timestampColumn(rows, ({ delta }) => delta.lastTime),
      timestampColumn(rows, ({ delta }) => delta.endTime),
      integerColumn(rows, ({ delta }) => delta.events),
      integerColumn(rows, ({ delta }) => delta.commands),
      booleanColumn(rows, ({ delta }) => delta.succeededLogin),
      booleanColumn(rows, ({ delta }) => delta.probe),
      textColumn(rows, ({ state }) => state?.severity ?? 'LOW'),
      realColumn(rows, ({ state }) => state?.threatScore ?? 0),
      textColumn(rows, ({ state }) => state?.techniques.join(',') ?? ''),
      textColumn(rows, ({ delta }) => delta.clientVersion),
      textColumn(rows, ({ delta }) => delta.hassh),
      jsonColumn(rows, ({ state }) => JSON.stringify(state ?? {})),
    ],
  });
  return new Map(made.flatMap((row) => (row.source_ip === null ? [] : [[row.source_ip, row.fresh]])));
}

const upsertText = `
with changed as (
  insert into sessions as s (id, session_id, sensor, source_ip, protocol, start_time, last_event_time, end_time,
                             event_count, command_count, successful_login, is_probe, severity, threat_score,
                             techniques, client_version, hassh, state, is_active)
  select id, session_id, sensor, source_ip, protocol, start_time, last_event_time, end_time,
         event_count, command_count, successful_login, is_probe, severity, threat_score,
         string_to_array(techniques, ','), client_version, hassh, state, end_time is null
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::timestamptz[], $7::timestamptz[],
                $8::timestamptz[], $9::int[], $10::int[], $11::boolean[], $12::boolean[], $13::text[], $14::real[],
                $15::text[], $16::text[], $17::text[], $18::jsonb[])
      as b (id, session_id, sensor, source_ip, protocol, start_time, last_event_time, end_time, event_count,
            command_count, successful_login, is_probe, severity, threat_score, techniques, client_version, hassh, state)
  on conflict (id) do update set
    source_ip = coalesce(s.source_ip, excluded.source_ip),
    protocol = coalesce(s.protocol, excluded.protocol),
    start_time = least(s.start_time, excluded.start_time),
    last_event_time = greatest(s.last_event_time, excluded.last_event_time),
    end_time = coalesce(excluded.end_time, s.end_time),
    event_count = s.event_count + excluded.event_count,
    command_count = s.command_count + excluded.command_count,
    successful_login = s.successful_login or excluded.successful_login,
    is_active = s.is_active and excluded.is_active,
    is_probe = s.is_probe or excluded.is_probe,
    severity = case when s.severity = 'HIGH' or (s.severity = 'MEDIUM' and excluded.severity = 'LOW')
                    then s.severity else excluded.severity end,
    threat_score = greatest(s.threat_score, excluded.threat_score),
    techniques = case when excluded.techniques @> s.techniques then excluded.techniques
                      else array(select distinct unnest(s.techniques || excluded.techniques)) end,
    client_version = coalesce(s.client_version, excluded.client_version),
    hassh = coalesce(s.hassh, excluded.hassh),
    state = excluded.state
  returning s.source_ip, s.is_probe, (xmax = 0) as is_new)
select source_ip, count(*) filter (where is_new)::int as fresh from changed where not is_probe group by source_ip`;

/** A sensor that was killed never says that its sessions ended. */
export async function closeForgottenSessions(pool: pg.Pool, idleMinutes: number, now: Date): Promise<number> {
  const { rowCount } = await pool.query(
    `update sessions set is_active = false where is_active and last_event_time < $1::timestamptz - make_interval(mins => $2)`,
    [now, idleMinutes],
  );
  return rowCount ?? 0;
}

/** Sessions of a sensor that have not ended, but for those of our own probe. */
export async function countLiveSessions(pool: pg.Pool, sensor: string): Promise<number> {
  const { rows } = await pool.query<{ live: number }>(
    'select count(*)::int as live from sessions where is_active and not is_probe and sensor = $1',
    [sensor],
  );
  return rows[0]?.live ?? 0;
}
