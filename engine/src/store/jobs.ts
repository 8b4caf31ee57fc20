import type { NewJob } from '@cerberusmesh/contract/between-stages';
import type pg from 'pg';
import type { Statement } from './statement.ts';
import { storableJson } from './storable-json.ts';

export interface Job {
  readonly id: number;
  readonly kind: string;
  readonly payload: unknown;
  readonly attempts: number;
  readonly attemptsMax: number;
}

/** Queues jobs; one that the same cause queued before is left as it is. */
export async function queueJobs(client: Pick<pg.PoolClient, 'query'>, jobs: readonly NewJob[]): Promise<void> {
  if (jobs.length > 0) await client.query(queueText, [storableJson(jobs)]);
}

/** The same for the transaction of a batch. */
export function jobStatement(jobs: readonly NewJob[]): Statement | undefined {
  return jobs.length === 0 ? undefined : { text: queueText, values: [storableJson(jobs)] };
}

const queueText = `
insert into jobs (kind, job_key, payload, run_at)
select j->>'kind', j->>'key', j->'payload', now() + make_interval(secs => (j->>'afterSeconds')::float8)
  from jsonb_array_elements($1::jsonb) j
on conflict (job_key) do nothing`;

/**
 * Takes one waiting job of the given kinds for `lockSeconds`; two workers never take the same one, and a worker that died
 * gives it back. `doneId`: the job before it, which is completed on the way.
 */
export async function takeJob(
  pool: pg.Pool,
  kinds: readonly string[],
  lockSeconds: number,
  doneId: number | null = null,
): Promise<Job | undefined> {
  const { rows } = await pool.query<{
    id: number;
    kind: string;
    payload: unknown;
    attempts: number;
    max_attempts: number;
  }>({
    // Named, so that it is planned once: each lane asks it every two seconds, and planning was five sixths of its cost.
    name: 'take job',
    text: `with done as (
       update jobs set done_at = now(), locked_until = null where id = $3),
     next as (
       select id from jobs
        where done_at is null and failed_at is null and kind = any($1) and run_at <= now()
          and (locked_until is null or locked_until < now()) and id is distinct from $3::bigint
        order by run_at, id limit 1 for update skip locked)
     update jobs j set locked_until = now() + make_interval(secs => $2), attempts = attempts + 1
       from next where j.id = next.id
  returning j.id, j.kind, j.payload, j.attempts, j.max_attempts`,
    values: [kinds, lockSeconds, doneId],
  });
  const row = rows[0];
  return (
    row && { id: row.id, kind: row.kind, payload: row.payload, attempts: row.attempts, attemptsMax: row.max_attempts }
  );
}

/** Done, and never taken again. */
export async function completeJob(pool: pg.Pool, id: number): Promise<void> {
  await pool.query('update jobs set done_at = now(), locked_until = null where id = $1', [id]);
}

/** Gives a job back for later, or ends it as failed when its attempts are used up. */
export async function failJob(pool: pg.Pool, job: Job, error: string, waitMs: number): Promise<void> {
  await pool.query(
    `update jobs set locked_until = null, last_error = $2, run_at = now() + make_interval(secs => $3),
                     failed_at = case when attempts >= max_attempts then now() end where id = $1`,
    [job.id, error.slice(0, 2000), waitMs / 1000],
  );
}

/** Gives a job back for later without counting this as an attempt: it was not tried. */
export async function postponeJob(pool: pg.Pool, id: number, waitMs: number): Promise<void> {
  await pool.query(
    `update jobs set locked_until = null, attempts = attempts - 1, run_at = now() + make_interval(secs => $2)
      where id = $1`,
    [id, waitMs / 1000],
  );
}

/**
 * What was queued by a clock that was ahead is due as long after now as it was meant to be after that: else a job queued
 * just before the clock was put back waits until it is that late again. What that clock locked, or put off, for longer than
 * anything is locked or put off is free within two minutes, or due now. Gives how many.
 */
export async function mendJobTimes(pool: pg.Pool): Promise<number> {
  const { rowCount } = await pool.query(
    `update jobs set
        run_at = case when created_at > now() + interval '10 seconds' then run_at - (created_at - now())
                      when run_at > now() + interval '2 days' then now() else run_at end,
        locked_until = case when locked_until > now() + interval '1 day' then now() + interval '2 minutes' else locked_until end,
        created_at = least(created_at, now())
      where (created_at > now() + interval '10 seconds' or run_at > now() + interval '2 days'
             or locked_until > now() + interval '1 day')
        and done_at is null and failed_at is null`,
  );
  return rowCount ?? 0;
}

/** Calls off what waits and nobody works on, but for notices, which change nothing. Gives how many. */
export async function cancelJobs(pool: pg.Pool, kinds: readonly string[], why: string): Promise<number> {
  const { rowCount } = await pool.query(
    `update jobs set failed_at = now(), last_error = $2
      where kind = any($1) and payload->>'kind' is distinct from 'escalate'
        and done_at is null and failed_at is null and (locked_until is null or locked_until < now())`,
    [kinds, why],
  );
  return rowCount ?? 0;
}
