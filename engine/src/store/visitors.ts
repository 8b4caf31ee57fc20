import type { SessionState } from '@cerberusmesh/contract/assessment';
import { type Origin, unknownOrigin } from '@cerberusmesh/contract/origin';
import {
  bigintColumn,
  booleanColumn,
  integerColumn,
  jsonColumn,
  realColumn,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './array-parameters.ts';
import type { Statement } from './statement.ts';
import { storableJson } from './storable-json.ts';
import { type AttackerDelta, type BatchSummary, type SessionDelta, uuidOf } from './summarize.ts';

const shownCharactersMax = 255;

/**
 * Adds a batch's share to its sessions and attackers: who came, with what credentials, and from where. One statement,
 * because the round trips of a live batch are what it costs, and because an attacker's row is then written once. Rows are
 * taken in the order of their keys, so two writers seldom wait for each other in a ring; where they do, PostgreSQL ends one,
 * and its batch is tried again. Without `origins` what is known of attackers' origins stays.
 */
export function visitorsStatement(
  { sessions, attackers }: Pick<BatchSummary, 'sessions' | 'attackers'>,
  states: ReadonlyMap<string, SessionState>,
  origins: ReadonlyMap<string, Origin> | undefined,
): Statement | undefined {
  if (sessions.size === 0 && attackers.size === 0) return undefined;
  return {
    name: 'upsert visitors',
    text: upsertText,
    values: [
      ...sessionColumns(sessions, states),
      ...credentialColumns(attackers),
      ...attackerColumns(attackers, origins ?? new Map()),
      String(origins !== undefined),
      ...otherAddressColumns(sessions),
    ],
  };
}

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

function credentialColumns(deltas: ReadonlyMap<string, AttackerDelta>) {
  const names = inKeyOrder(
    [...deltas].flatMap(([ip, delta]) =>
      [...delta.usernames].map(([username, attempts]) => ({ ip, hash: uuidOf(username), username, attempts })),
    ),
  );
  const passwords = inKeyOrder(
    [...deltas].flatMap(([ip, delta]) => [...delta.passwords].map((password) => ({ ip, hash: uuidOf(password) }))),
  );
  return [
    textColumn(names, ({ ip }) => ip),
    uuidColumn(names, ({ hash }) => hash),
    textColumn(names, ({ username }) => username.slice(0, shownCharactersMax)),
    bigintColumn(names, ({ attempts }) => attempts),
    textColumn(passwords, ({ ip }) => ip),
    uuidColumn(passwords, ({ hash }) => hash),
  ];
}

function attackerColumns(deltas: ReadonlyMap<string, AttackerDelta>, origins: ReadonlyMap<string, Origin>) {
  const rows = [...deltas].map(([ip, delta]) => ({ ip, delta, origin: origins.get(ip) ?? unknownOrigin }));
  return [
    textColumn(rows, ({ ip }) => ip),
    realColumn(rows, ({ delta }) => delta.threatScore),
    bigintColumn(rows, ({ delta }) => delta.events),
    bigintColumn(rows, ({ delta }) => delta.highs),
    bigintColumn(rows, ({ delta }) => delta.successfulLogins),
    timestampColumn(rows, ({ delta }) => delta.firstTime),
    timestampColumn(rows, ({ delta }) => delta.lastTime),
    textColumn(rows, ({ origin }) => origin.country),
    textColumn(rows, ({ origin }) => origin.city),
    bigintColumn(rows, ({ origin }) => origin.asn),
    textColumn(rows, ({ origin }) => origin.asName),
    textColumn(rows, ({ origin }) => origin.network),
    textColumn(rows, ({ origin }) => origin.scanner),
  ];
}

function inKeyOrder<T extends { readonly ip: string; readonly hash: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => (a.ip === b.ip ? (a.hash < b.hash ? -1 : 1) : a.ip < b.ip ? -1 : 1));
}

/**
 * What a batch remembers of a session may be older than what is stored, where its events were assessed again meanwhile, so
 * severity, score and techniques only grow here. Counts of user names only grow too, so the commonest name is either the
 * one known so far or one of those that grew just now.
 */
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
    state = excluded.state,
    updated_at = now()
  returning s.id, s.session_id, s.sensor, s.source_ip, s.is_probe, (xmax = 0) as is_new),
-- An address that is not the one that its session is found by.
elsewhere as (
  insert into session_addresses as o (source_ip, sensor, session_id, start_time, last_event_time)
  select b.source_ip, c.sensor, c.session_id, min(b.first_time), max(b.last_time)
    from unnest($1::uuid[] || $39::uuid[], $4::text[] || $40::text[], $6::timestamptz[] || $41::timestamptz[],
                $7::timestamptz[] || $42::timestamptz[]) as b (id, source_ip, first_time, last_time)
    join changed c on c.id = b.id where b.source_ip <> c.source_ip
   group by 1, 2, 3 order by 1, 2, 3
  on conflict (source_ip, sensor, session_id) do update set
    start_time = least(o.start_time, excluded.start_time),
    last_event_time = greatest(o.last_event_time, excluded.last_event_time)),
fresh as (
  select source_ip, count(*) filter (where is_new) as sessions from changed where not is_probe group by source_ip),
names as (
  insert into attacker_usernames as u (ip_address, username_hash, username, attempts)
  select * from unnest($19::text[], $20::uuid[], $21::text[], $22::bigint[])
  on conflict (ip_address, username_hash) do update set attempts = u.attempts + excluded.attempts
  returning ip_address, username, attempts),
commonest as (
  select distinct on (ip_address) ip_address, username, attempts from names order by ip_address, attempts desc, username),
passwords as (
  insert into attacker_passwords (ip_address, password_hash)
  select * from unnest($23::text[], $24::uuid[]) on conflict do nothing returning ip_address),
guessed as (
  select ip_address, count(*) as passwords from passwords group by ip_address)
insert into attackers as a (ip_address, threat_score, total_events, total_sessions, high_severity_count,
                            successful_logins, most_common_username, most_common_username_count, unique_passwords_count,
                            first_seen, last_seen, country, city, asn, as_name, network, scanner)
select b.ip_address, b.threat_score, b.events, coalesce(fresh.sessions, 0), b.highs, b.logins, commonest.username,
       coalesce(commonest.attempts, 0), coalesce(guessed.passwords, 0), b.first_seen, b.last_seen,
       b.country, b.city, b.asn, b.as_name, b.network, b.scanner
  from unnest($25::text[], $26::real[], $27::bigint[], $28::bigint[], $29::bigint[], $30::timestamptz[],
              $31::timestamptz[], $32::text[], $33::text[], $34::bigint[], $35::text[], $36::text[], $37::text[])
    as b (ip_address, threat_score, events, highs, logins, first_seen, last_seen, country, city, asn, as_name, network, scanner)
  left join fresh on fresh.source_ip = b.ip_address
  left join commonest on commonest.ip_address = b.ip_address
  left join guessed on guessed.ip_address = b.ip_address
 order by b.ip_address
on conflict (ip_address) do update set
  threat_score = greatest(a.threat_score, excluded.threat_score),
  total_events = a.total_events + excluded.total_events,
  total_sessions = a.total_sessions + excluded.total_sessions,
  high_severity_count = a.high_severity_count + excluded.high_severity_count,
  successful_logins = a.successful_logins + excluded.successful_logins,
  most_common_username = case when excluded.most_common_username_count > a.most_common_username_count
                              then excluded.most_common_username else a.most_common_username end,
  most_common_username_count = greatest(a.most_common_username_count, excluded.most_common_username_count),
  unique_passwords_count = a.unique_passwords_count + excluded.unique_passwords_count,
  first_seen = least(a.first_seen, excluded.first_seen),
  last_seen = greatest(a.last_seen, excluded.last_seen),
  updated_at = now(),
  country = case when $38 then excluded.country else a.country end,
  city = case when $38 then excluded.city else a.city end,
  asn = case when $38 then excluded.asn else a.asn end,
  as_name = case when $38 then excluded.as_name else a.as_name end,
  network = case when $38 then excluded.network else a.network end,
  scanner = case when $38 then excluded.scanner else a.scanner end`;
