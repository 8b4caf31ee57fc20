import { type Origin, unknownOrigin } from '@cerberusmesh/contract/origin';
import { bigintColumn, realColumn, textColumn, timestampColumn, uuidColumn } from './array-parameters.ts';
import { type AttackerDelta, uuidOf } from './summarize.ts';

const shownCharactersMax = 255;

/** What `upsertAttackers` takes. Without `origins` what is known of attackers' origins stays. */
export function attackerValues(
  attackers: ReadonlyMap<string, AttackerDelta>,
  origins: ReadonlyMap<string, Origin> | undefined,
): (Buffer | string)[] {
  return [
    ...credentialColumns(attackers),
    ...attackerColumns(attackers, origins ?? new Map()),
    String(origins !== undefined),
  ];
}

/**
 * The end of a statement, of twenty parameters from `first` on, in whose `with` is a `fresh` (source_ip, sessions). An
 * attacker's row is written once. Counts of user names only grow, so the commonest is either the one known so far or one of
 * those that grew just now.
 */
export function upsertAttackers(first: number): string {
  const at = (place: number) => `$${first + place}`;
  return `
names as (
  insert into attacker_usernames as u (ip_address, username_hash, username, attempts)
  select * from unnest(${at(0)}::text[], ${at(1)}::uuid[], ${at(2)}::text[], ${at(3)}::bigint[])
  on conflict (ip_address, username_hash) do update set attempts = u.attempts + excluded.attempts
  returning ip_address, username, attempts),
commonest as (
  select distinct on (ip_address) ip_address, username, attempts from names order by ip_address, attempts desc, username),
passwords as (
  insert into attacker_passwords (ip_address, password_hash)
  select * from unnest(${at(4)}::text[], ${at(5)}::uuid[]) on conflict do nothing returning ip_address),
guessed as (
  select ip_address, count(*) as passwords from passwords group by ip_address)
insert into attackers as a (ip_address, threat_score, total_events, total_sessions, high_severity_count,
                            successful_logins, most_common_username, most_common_username_count, unique_passwords_count,
                            first_seen, last_seen, country, city, asn, as_name, network, scanner)
select b.ip_address, b.threat_score, b.events, coalesce(fresh.sessions, 0), b.highs, b.logins, commonest.username,
       coalesce(commonest.attempts, 0), coalesce(guessed.passwords, 0), b.first_seen, b.last_seen,
       b.country, b.city, b.asn, b.as_name, b.network, b.scanner
  from unnest(${at(6)}::text[], ${at(7)}::real[], ${at(8)}::bigint[], ${at(9)}::bigint[], ${at(10)}::bigint[], ${at(11)}::timestamptz[],
              ${at(12)}::timestamptz[], ${at(13)}::text[], ${at(14)}::text[], ${at(15)}::bigint[], ${at(16)}::text[], ${at(17)}::text[], ${at(18)}::text[])
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
  country = case when ${at(19)} then excluded.country else a.country end,
  city = case when ${at(19)} then excluded.city else a.city end,
  asn = case when ${at(19)} then excluded.asn else a.asn end,
  as_name = case when ${at(19)} then excluded.as_name else a.as_name end,
  network = case when ${at(19)} then excluded.network else a.network end,
  scanner = case when ${at(19)} then excluded.scanner else a.scanner end`;
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
