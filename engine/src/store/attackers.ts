import type pg from 'pg';
import { bigintColumn, realColumn, textColumn, timestampColumn, uuidColumn } from './array-parameters.ts';
import { type AttackerDelta, uuidOf } from './summarize.ts';

const shownCharactersMax = 255;

/** Adds a batch's share to its attackers; exact counts of user names and distinct passwords, kept incrementally. */
export async function upsertAttackers(
  client: pg.PoolClient,
  deltas: ReadonlyMap<string, AttackerDelta>,
  newSessions: ReadonlyMap<string, number>,
): Promise<void> {
  if (deltas.size === 0) return;
  const { commonest, newPasswords } = await countCredentials(client, deltas);
  const rows = [...deltas].sort(([a], [b]) => (a < b ? -1 : 1));
  await client.query({
    name: 'upsert attackers',
    text: `insert into attackers as a (ip_address, threat_score, total_events, total_sessions, high_severity_count, successful_logins,
                                 most_common_username, most_common_username_count, unique_passwords_count, first_seen, last_seen)
     select * from unnest($1::text[], $2::real[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[],
                          $8::bigint[], $9::bigint[], $10::timestamptz[], $11::timestamptz[])
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
       last_seen = greatest(a.last_seen, excluded.last_seen)`,
    values: [
      textColumn(rows, ([ip]) => ip),
      realColumn(rows, ([, delta]) => delta.threatScore),
      bigintColumn(rows, ([, delta]) => delta.events),
      bigintColumn(rows, ([ip]) => newSessions.get(ip) ?? 0),
      bigintColumn(rows, ([, delta]) => delta.highs),
      bigintColumn(rows, ([, delta]) => delta.successfulLogins),
      textColumn(rows, ([ip]) => commonest.get(ip)?.username),
      bigintColumn(rows, ([ip]) => commonest.get(ip)?.attempts ?? 0),
      bigintColumn(rows, ([ip]) => newPasswords.get(ip) ?? 0),
      timestampColumn(rows, ([, delta]) => delta.firstTime),
      timestampColumn(rows, ([, delta]) => delta.lastTime),
    ],
  });
}

/**
 * Counts names and passwords in one statement. Counts only grow, so the commonest name is either the one known so far or
 * one of those that grew just now.
 */
async function countCredentials(client: pg.PoolClient, deltas: ReadonlyMap<string, AttackerDelta>) {
  const commonest = new Map<string, { username: string; attempts: number }>();
  const newPasswords = new Map<string, number>();
  const names = inKeyOrder(
    [...deltas].flatMap(([ip, delta]) =>
      [...delta.usernames].map(([username, attempts]) => ({ ip, hash: uuidOf(username), username, attempts })),
    ),
  );
  if (names.length === 0) return { commonest, newPasswords };
  const passwords = inKeyOrder(
    [...deltas].flatMap(([ip, delta]) => [...delta.passwords].map((password) => ({ ip, hash: uuidOf(password) }))),
  );
  const { rows } = await client.query<{ ip_address: string; username: string | null; count: number }>({
    name: 'count credentials',
    text: countText,
    values: [
      textColumn(names, ({ ip }) => ip),
      uuidColumn(names, ({ hash }) => hash),
      textColumn(names, ({ username }) => username.slice(0, shownCharactersMax)),
      bigintColumn(names, ({ attempts }) => attempts),
      textColumn(passwords, ({ ip }) => ip),
      uuidColumn(passwords, ({ hash }) => hash),
    ],
  });
  for (const { ip_address, username, count } of rows) {
    if (username === null) newPasswords.set(ip_address, count);
    else if (count > (commonest.get(ip_address)?.attempts ?? 0))
      commonest.set(ip_address, { username, attempts: count });
  }
  return { commonest, newPasswords };
}

/** A row per name that grew, and a row without a name per address that has new passwords. */
const countText = `
with names as (
  insert into attacker_usernames as u (ip_address, username_hash, username, attempts)
  select * from unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[])
  on conflict (ip_address, username_hash) do update set attempts = u.attempts + excluded.attempts
  returning ip_address, username, attempts),
passwords as (
  insert into attacker_passwords (ip_address, password_hash)
  select * from unnest($5::text[], $6::uuid[]) on conflict do nothing returning ip_address)
select ip_address, username, attempts as count from names
union all
select ip_address, null, count(*) from passwords group by ip_address`;

/** So that two writers never wait for each other in a ring. */
function inKeyOrder<T extends { readonly ip: string; readonly hash: string }>(rows: T[]): T[] {
  return rows.sort((a, b) => (`${a.ip} ${a.hash}` < `${b.ip} ${b.hash}` ? -1 : 1));
}
