import { once } from 'node:events';
import type { Clock } from '../kit/clock.ts';
import { backoffMs } from '../kit/retry.ts';
import type { Job } from '../store/jobs.ts';

/** What a handler says of a job that could not be done yet: it is taken again then, and this was no attempt. */
export interface Postponed {
  readonly againInMs: number;
}

export type JobHandler = (payload: unknown, signal: AbortSignal) => Promise<Postponed | undefined> | Promise<void>;

export interface JobQueue {
  /** Completes the job before it on the way. */
  take(kinds: readonly string[], lockSeconds: number, doneId: number | null): Promise<Job | undefined>;
  complete(id: number): Promise<void>;
  /** Needed where a handler postpones. */
  postpone?(id: number, waitMs: number): Promise<void>;
  fail(job: Job, error: string, waitMs: number): Promise<void>;
}

export interface JobRunner {
  /** Looks for work now instead of at the next round. */
  wake(): void;
  /** Resolves when the job that is being done is done. */
  run(signal: AbortSignal): Promise<void>;
}

const lockSeconds = 120;
/** Whoever queues in this process wakes the lanes; only jobs of others and those that wait for their time are looked for. */
const idleMs = { first: 2000, quiet: 5000 };
/** So many looks that find nothing make it quiet. */
const quietAfter = 10;
const backoff = { firstMs: 1000, maxMs: 300_000 };

/**
 * The slow lane: takes jobs one at a time and gives each to the handler of its kind. A job that fails is tried again
 * later; a worker that dies leaves its job to the next one, when its lock has run out. One that was begun as often as it
 * may fail and never ended is given up: it may be what they died of.
 */
export function createJobRunner(options: {
  readonly queue: JobQueue;
  readonly handlers: ReadonlyMap<string, JobHandler>;
  readonly clock: Clock;
  readonly onFailure: (job: Job | undefined, error: unknown) => void;
}): JobRunner {
  const { queue, handlers, clock, onFailure } = options;
  const kinds = [...handlers.keys()];
  let alarm = new AbortController();
  /** One idle lane looks for all of this runner; the others wait until somebody queues here, or it has something to do. */
  let isWatched = false;
  const resting = new Set<AbortController>();

  return {
    wake,
    async run(signal) {
      // Of each lane its own: what was done is completed by the statement that takes the next one.
      const lane: Lane = { doneId: null };
      let idle = 0;
      while (!signal.aborted) {
        // Taken before the look: what is queued during it must not be slept over.
        const woken = AbortSignal.any([signal, alarm.signal]);
        const worked = await workOnce(lane, signal).catch((error: unknown) => {
          onFailure(undefined, error);
          return false;
        });
        idle = worked ? 0 : idle + 1;
        if (!worked) await waitForWork(idle, woken);
      }
      if (lane.doneId === null) return;
      await queue.complete(lane.doneId).catch((error: unknown) => onFailure(undefined, error));
    },
  };

  function wake(): void {
    const rung = alarm;
    alarm = new AbortController();
    rung.abort('woken');
  }

  async function waitForWork(idle: number, woken: AbortSignal): Promise<void> {
    if (isWatched) return await rest(woken);
    isWatched = true;
    await clock.sleep(idle < quietAfter ? idleMs.first : idleMs.quiet, woken);
    isWatched = false;
  }

  async function rest(woken: AbortSignal): Promise<void> {
    const called = new AbortController();
    resting.add(called);
    const over = AbortSignal.any([woken, called.signal]);
    if (!over.aborted) await once(over, 'abort');
    resting.delete(called);
  }

  /** Whoever begins to work calls one that rests, which looks for more work and then watches. */
  function callOne(): void {
    if (isWatched) return;
    const [next] = resting;
    next?.abort('called');
  }

  async function workOnce(lane: Lane, signal: AbortSignal): Promise<boolean> {
    const job = await queue.take(kinds, lockSeconds, lane.doneId);
    lane.doneId = null;
    if (!job) return false;
    callOne();
    try {
      if (job.attempts > job.attemptsMax) throw new Error(`It was begun ${job.attemptsMax} times and never ended.`);
      const postponed = await handlers.get(job.kind)?.(job.payload, signal);
      if (postponed && queue.postpone) await queue.postpone(job.id, postponed.againInMs);
      else lane.doneId = job.id;
    } catch (error) {
      onFailure(job, error);
      await queue.fail(job, String(error), backoffMs(job.attempts, backoff));
    }
    return true;
  }
}

interface Lane {
  doneId: number | null;
}
