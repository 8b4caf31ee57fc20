import type { Database } from '../store/database.ts';
import { completeJob, failJob, postponeJob, takeJob } from '../store/jobs.ts';
import type { JobQueue } from './run-jobs.ts';

/** The jobs of the database. `lockSeconds`, where given, is how long every job is locked, whatever its runner would say. */
export function createJobQueue({ pool }: Pick<Database, 'pool'>, lockSeconds?: number): JobQueue {
  return {
    take: (kinds, usual, doneId) => takeJob(pool, kinds, lockSeconds ?? usual, doneId),
    complete: (id) => completeJob(pool, id),
    postpone: (id, waitMs) => postponeJob(pool, id, waitMs),
    fail: (job, error, waitMs) => failJob(pool, job, error, waitMs),
  };
}
