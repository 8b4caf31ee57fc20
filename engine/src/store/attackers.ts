import type pg from 'pg';
import { type AttackerDelta, uuidOf } from './summarize.ts';

const shownCharactersMax = 255;

/** Adds a batch's share to its attackers; exact counts of user names and distinct passwords, kept incrementally. */
export async function upsertAttackers(
  client: pg.PoolClient,
  deltas: ReadonlyMap<string, AttackerDelta>,
  newSessions: ReadonlyMap<string, number>,
): Promise<void> {
  if (deltas.size === 0) return;
  const commonest = await countUsernames(client, deltas);
  const newPasswords = await countNewPasswords(client, deltas);
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
      rows.map(([ip]) => ip),
      rows.map(([, delta]) => delta.threatScore),
      rows.map(([, delta]) => delta.events),
      rows.map(([ip]) => newSessions.get(ip) ?? 0),
      rows.map(([, delta]) => delta.highs),
      rows.map(([, delta]) => delta.successfulLogins),
      rows.map(([ip]) => commonest.get(ip)?.username ?? null),
      rows.map(([ip]) => commonest.get(ip)?.attempts ?? 0),
      rows.map(([ip]) => newPasswords.get(ip) ?? 0),
      rows.map(([, delta]) => delta.firstTime),
      rows.map(([, delta]) => delta.lastTime),
    ],
  });
}

/** Counts only grow, so the commonest name is either the one known so far or one of those that grew just now. */
async function countUsernames(client: pg.PoolClient, deltas: ReadonlyMap<string, AttackerDelta>) {
  const rows = [...deltas].flatMap(([ip, delta]) =>
    [...delta.usernames].map(([username, attempts]) => ({ ip, hash: uuidOf(username), username, attempts })),
  );
  const commonest = new Map<string, { username: string; attempts: number }>();
  if (rows.length === 0) return commonest;
  rows.sort((a, b) => (`${a.ip} ${a.hash}` < `${b.ip} ${b.hash}` ? -1 : 1));
  const { rows: grown } = await client.query<{ ip_address: string; username: string; attempts: number }>({
    name: 'count usernames',
    text: `insert into attacker_usernames as u (ip_address, username_hash, username, attempts)
     select * from unnest($1::text[], $2::uuid[], $3::text[], $4::bigint[])
     on conflict (ip_address, username_hash) do update set attempts = u.attempts + excluded.attempts
     returning ip_address, username, attempts`,
    values: [
      rows.map((row) => row.ip),
      rows.map((row) => row.hash),
      rows.map((row) => row.username.slice(0, shownCharactersMax)),
      rows.map((row) => row.attempts),
    ],
  });
  for (const { ip_address, username, attempts } of grown) {
    if (attempts > (commonest.get(ip_address)?.attempts ?? 0)) commonest.set(ip_address, { username, attempts });
  }
  return commonest;
}

async function countNewPasswords(
  client: pg.PoolClient,
  deltas: ReadonlyMap<string, AttackerDelta>,
): Promise<Map<string, number>> {
  const rows = [...deltas].flatMap(([ip, delta]) =>
    [...delta.passwords].map((password) => ({ ip, hash: uuidOf(password) })),
  );
  if (rows.length === 0) return new Map();
  rows.sort((a, b) => (`${a.ip} ${a.hash}` < `${b.ip} ${b.hash}` ? -1 : 1));
  const { rows: made } = await client.query<{ ip_address: string; made: number }>({
    name: 'count passwords',
    text: `with made as (
       insert into attacker_passwords (ip_address, password_hash)
       select * from unnest($1::text[], $2::uuid[]) on conflict do nothing returning ip_address)
     select ip_address, count(*)::int as made from made group by ip_address`,
    values: [rows.map((row) => row.ip), rows.map((row) => row.hash)],
  });
  return new Map(made.map((row) => [row.ip_address, row.made]));
}
