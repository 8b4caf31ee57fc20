import { expect, it, vi } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { systemClock } from '../kit/clock.ts';
import { type Job, queueJobs } from '../store/jobs.ts';
import { createJobQueue } from './job-queue.ts';
import { createJobRunner } from './run-jobs.ts';

it('a job that ended its worker each time it was begun is given up, and the one behind it is done', async () => {
  const database = await createTestDatabase();
  const stop = new AbortController();
  const begun: unknown[] = [];
  const failures: string[] = [];
  try {
    await queueJobs(database.pool, [
      { kind: 'act', key: 'deadly', payload: 'deadly', afterSeconds: 0 },
      { kind: 'act', key: 'harmless', payload: 'harmless', afterSeconds: 0 },
    ]);
    await database.pool.query(`update jobs set attempts = max_attempts where job_key = 'deadly'`);
    const runner = createJobRunner({
      queue: createJobQueue(database),
      handlers: new Map([
        [
          'act',
          async (payload: unknown) => {
            begun.push(payload);
            stop.abort();
          },
        ],
      ]),
      clock: systemClock,
      onFailure: (_job, error) => failures.push(String(error)),
    });
    await runner.run(stop.signal);
    expect(begun).toEqual(['harmless']);
    expect(failures).toEqual(['Error: It was begun 5 times and never ended.']);
    const { rows } = await database.pool.query(
      'select job_key, done_at is not null as done, failed_at is not null as failed from jobs order by id',
    );
    expect(rows).toEqual([
      { job_key: 'deadly', done: false, failed: true },
      { job_key: 'harmless', done: true, failed: false },
    ]);
  } finally {
    await database.drop();
  }
});

it('of idle lanes one looks, and it calls another before it begins to work', async () => {
  const stop = new AbortController();
  const jobs: Job[] = [];
  const sleeps: (() => void)[] = [];
  const ended = Promise.withResolvers<void>();
  let looks = 0;
  const handled: unknown[] = [];
  const runner = createJobRunner({
    queue: {
      async take() {
        looks++;
        return jobs.shift();
      },
      complete: async () => undefined,
      fail: async () => undefined,
    },
    handlers: new Map([
      [
        'act',
        async (payload: unknown) => {
          handled.push(payload);
          await ended.promise;
        },
      ],
    ]),
    clock: {
      now: () => new Date(),
      sleep: (_ms, signal) =>
        new Promise((resolve) => {
          sleeps.push(resolve);
          signal?.addEventListener('abort', () => resolve(), { once: true });
        }),
    },
    onFailure: (_job, error) => expect.fail(String(error)),
  });
  const lanes = [1, 2, 3].map(() => runner.run(stop.signal));
  await vi.waitFor(() => expect(sleeps).toHaveLength(1), 20_000);
  expect(looks).toBe(3);

  // Queued elsewhere, so nothing wakes this runner but the end of its one sleep.
  jobs.push(aJob('slow'), aJob('behind it'));
  sleeps.shift()?.();
  await vi.waitFor(() => expect(handled).toEqual(['slow', 'behind it']), 20_000);
  await vi.waitFor(() => expect(sleeps).toHaveLength(1), 20_000);
  stop.abort();
  ended.resolve();
  await Promise.all(lanes);
});

function aJob(payload: string): Job {
  return { id: payload.length, kind: 'act', payload, attempts: 1, attemptsMax: 5 };
}
