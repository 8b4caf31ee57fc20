import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { Database } from '../store/database.ts';
import { findPosition } from '../store/sources.ts';
import { type FollowedLog, followLog, sourceOf } from './follow-log.ts';

/** Logs that come and go while the engine runs, each read like the configured one. */
export interface FollowedLogs {
  /** Reads it from where it was left; does nothing where it is being read. */
  follow(path: string): Promise<void>;
  /** Reads to its end, for ten seconds at most, and then no more. */
  leave(path: string): Promise<void>;
  watched(): readonly WatchedSource[];
  /** Resolves when the engine stops and all reading has ended; rejects where one ends that should not. */
  run(): Promise<void>;
}

const drainMs = 10_000;
const lookMs = 50;

/** Follows the logs of Cowries that come and go while the engine runs. */
export function createFollowedLogs(options: {
  readonly database: Database;
  readonly pipeline: Pipeline;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly signal: AbortSignal;
}): FollowedLogs {
  const { database, pipeline, onStored, clock, log, signal } = options;
  const followed = new Map<string, { log: FollowedLog; stop: AbortController; reading: Promise<void> }>();
  const failed = Promise.withResolvers<void>();
  const find = (sourceId: string) => findPosition(database.pool, sourceId);

  return {
    async follow(path) {
      if (followed.has(path)) return;
      const position = await find(sourceOf(path).sourceId);
      if (followed.has(path) || signal.aborted) return;
      const stop = new AbortController();
      const until = AbortSignal.any([signal, stop.signal]);
      const one = followLog({ path, position, findPosition: find, pipeline, onStored, clock, log, signal: until });
      const reading = one.run();
      reading.catch(failed.reject);
      followed.set(path, { log: one, stop, reading });
    },
    async leave(path) {
      const entry = followed.get(path);
      if (!entry) return;
      const until = clock.now().getTime() + drainMs;
      while ((entry.log.watched().lagBytes ?? 0) > 0 && clock.now().getTime() < until && !signal.aborted) {
        await clock.sleep(lookMs, signal);
      }
      entry.stop.abort();
      await entry.reading;
      followed.delete(path);
    },
    watched: () => [...followed.values()].map((entry) => entry.log.watched()),
    async run() {
      const stopped = Promise.withResolvers<void>();
      signal.addEventListener('abort', () => stopped.resolve(), { once: true });
      if (signal.aborted) stopped.resolve();
      await Promise.race([stopped.promise, failed.promise]);
      await Promise.all([...followed.values()].map(({ reading }) => reading));
    },
  };
}
