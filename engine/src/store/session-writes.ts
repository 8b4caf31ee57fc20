import type { SessionState } from '@cerberusmesh/contract/assessment';
import {
  booleanColumn,
  integerColumn,
  jsonColumn,
  realColumn,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './array-parameters.ts';
import { storableJson } from './storable-json.ts';
import { type SessionDelta, uuidOf } from './summarize.ts';

/** What `upsertSessions` takes. Rows are in the order of their keys, so two writers seldom wait for each other in a ring. */
export function sessionValues(
  sessions: ReadonlyMap<string, SessionDelta>,
  states: ReadonlyMap<string, SessionState>,
): Buffer[] {
  return [...sessionColumns(sessions, states), ...otherAddressColumns(sessions)];
}

/**
 * Parts of a `with`, of the parameters $1 to $22: `changed` has a row for each session of the batch. What a batch remembers of a
 * session may be older than what is stored, where its events were assessed again meanwhile, so severity, score and
 * techniques only grow here.
 */
export const upsertSessions = `
changed as (
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
    state = excluded.state,
    updated_at = now()
  returning s.id, s.session_id, s.sensor, s.source_ip, s.is_probe, (xmax = 0) as is_new),
-- An address that is not the one that its session is found by.
elsewhere as (
  insert into session_addresses as o (source_ip, sensor, session_id, start_time, last_event_time)
  select b.source_ip, c.sensor, c.session_id, min(b.first_time), max(b.last_time)
    from unnest($1::uuid[] || $19::uuid[], $4::text[] || $20::text[], $6::timestamptz[] || $21::timestamptz[],
                $7::timestamptz[] || $22::timestamptz[]) as b (id, source_ip, first_time, last_time)
    join changed c on c.id = b.id where b.source_ip <> c.source_ip
   group by 1, 2, 3 order by 1, 2, 3
  on conflict (source_ip, sensor, session_id) do update set
    start_time = least(o.start_time, excluded.start_time),
    last_event_time = greatest(o.last_event_time, excluded.last_event_time))`;

function sessionColumns(deltas: ReadonlyMap<string, SessionDelta>, states: ReadonlyMap<string, SessionState>) {
  const rows = [...deltas]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, delta]) => ({ id: uuidOf(key), delta, state: states.get(key) }));
  return [
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
    jsonColumn(rows, ({ state }) => storableJson(state ?? {})),
  ];
}

function otherAddressColumns(deltas: ReadonlyMap<string, SessionDelta>) {
  const rows = [...deltas].flatMap(([key, { otherAddresses = [] }]) =>
    [...otherAddresses].map(([address, span]) => ({ id: uuidOf(key), address, span })),
  );
  return [
    uuidColumn(rows, ({ id }) => id),
    textColumn(rows, ({ address }) => address),
    timestampColumn(rows, ({ span }) => span.firstTime),
    timestampColumn(rows, ({ span }) => span.lastTime),
  ];
}
