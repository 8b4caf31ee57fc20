import { Notice } from '@cerberusmesh/contract/notice';
import type pg from 'pg';
import type { Database } from './database.ts';
import { storableJson } from './storable-json.ts';

/**
 * Stores a notice for each channel, unless the channel has one about the same group that is younger than
 * `dedupSeconds`: then that one counts it. One of a later time, from before the clock was put back, does so as long and not longer. @returns how many channels it waits on.
 */
export async function queueNotice(
  database: Database,
  notice: Notice,
  channels: readonly string[],
  dedupSeconds: number,
): Promise<number> {
  return await database.transaction(async (client) => {
    // Two processes that tell the same at once must not both find nothing.
    await client.query('select pg_advisory_xact_lock(hashtext($1))', [`notice ${notice.group}`]);
    let queued = 0;
    for (const channel of channels) if (await queueOne(client, notice, channel, dedupSeconds)) queued++;
    return queued;
  });
}

async function queueOne(
  client: pg.PoolClient,
  notice: Notice,
  channel: string,
  dedupSeconds: number,
): Promise<boolean> {
  const { rowCount: counted } = await client.query(
    `update notices set repeats = repeats + 1
      where (id, channel) = (select id, channel from notices
                              where channel = $1 and group_key = $2 and status <> 'failed' and id <> $3
                                and created_at > $4::timestamptz - make_interval(secs => $5)
                                and created_at < $4::timestamptz + make_interval(secs => $5)
                              order by created_at desc limit 1)`,
    [channel, notice.group, notice.id, notice.at, dedupSeconds],
  );
  if (counted !== 0) return false;
  await client.query(
    `insert into notices (id, channel, group_key, severity, subject, notice, status, created_at)
     values ($1, $2, $3, $4, $5, $6, 'waiting', $7) on conflict (id, channel) do nothing`,
    [notice.id, channel, notice.group, notice.severity, notice.subject, storableJson(notice), notice.at],
  );
  return true;
}

/** By how many channels a notice is told, whatever became of it there. */
export async function countChannelsOf(pool: pg.Pool, id: string): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from notices where id = $1', [
    id,
  ]);
  return rows[0]?.count ?? 0;
}

/** What delivering reads and writes of the notices of a channel. */
export function createOutbox({ pool }: Database) {
  return {
    async listWaiting(channel: string, max: number) {
      const { rows } = await pool.query<{ notice: unknown; attempts: number; created_at: Date }>(
        `select notice, attempts, created_at from notices
          where channel = $1 and status = 'waiting'
          order by notice->>'expires_at' is null, created_at, id limit $2`,
        [channel, max],
      );
      return rows.map((row) => ({
        notice: Notice.parse(row.notice),
        attempts: row.attempts,
        createdAt: row.created_at,
      }));
    },
    async countSentWithin(channel: string, seconds: number, now: Date): Promise<number> {
      const { rows } = await pool.query<{ count: number }>(
        `select count(*)::int as count from notices
          where channel = $1 and status = 'sent' and sent_at > $3::timestamptz - make_interval(secs => $2) and sent_at <= $3`,
        [channel, seconds, now],
      );
      return rows[0]?.count ?? 0;
    },
    async lastDigestAt(channel: string, now: Date): Promise<Date | null> {
      const { rows } = await pool.query<{ at: Date | null }>(
        `select max(sent_at) as at from notices where channel = $1 and status = 'digested' and sent_at <= $2`,
        [channel, now],
      );
      return rows[0]?.at ?? null;
    },
    async sent(channel: string, ids: readonly string[], as: 'sent' | 'digested', at: Date): Promise<void> {
      await pool.query(
        `update notices set status = $3, sent_at = $4, attempts = attempts + 1, last_error = null
          where channel = $1 and id = any($2::uuid[])`,
        [channel, ids, as, at],
      );
    },
    async notSent(channel: string, ids: readonly string[], error: string, isLast: boolean): Promise<void> {
      await pool.query(
        `update notices set attempts = attempts + 1, last_error = $3, status = case when $4 then 'failed' else status end
          where channel = $1 and id = any($2::uuid[])`,
        [channel, ids, error, isLast],
      );
    },
  };
}

/** Runs `work` unless another process works on this channel; then it gives undefined at once. */
export async function withChannel<T>(
  database: Database,
  channel: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  return await database.transaction(async (client) => {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_xact_lock(hashtext($1)) as taken', [
      `channel ${channel}`,
    ]);
    return rows[0]?.taken === true ? await work() : undefined;
  });
}

/** What a notice says beyond its cause: the campaign and rule of the decision, and the session's gravest events. */
export async function loadNoticeFacts(
  pool: pg.Pool,
  cause: { readonly decisionId: string | null; readonly sensor: string | null; readonly sessionId: string | null },
) {
  const { rows } = await pool.query<{ campaign: string | null; rule: string; threat_score: number }>(
    `select inputs->'situation'->'signals'->>'campaign' as campaign, rule, threat_score from decisions where id = $1`,
    [cause.decisionId],
  );
  const { rows: events } = await pool.query<{ id: string; timestamp: Date; text: string }>(
    `select id, timestamp, left(coalesce(command, raw_event->>'url', raw_event->>'filename', event_type), 400) as text
       from events where session_id = $1 and sensor = $2 and severity = 'HIGH' order by id desc limit 5`,
    [cause.sessionId, cause.sensor],
  );
  const [decision] = rows;
  return {
    campaign: decision?.campaign ?? null,
    rule: decision?.rule ?? null,
    threatScore: decision?.threat_score ?? null,
    evidence: events.toReversed().map(({ id, timestamp, text }) => ({ eventId: id, at: timestamp, text })),
  };
}
