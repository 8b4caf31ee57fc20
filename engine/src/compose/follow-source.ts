import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { Source } from '../collect/source.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { readSource } from '../read-source.ts';
import type { WatchedSource } from '../serve/health.ts';
import { isWorthRetrying } from '../store/database.ts';

export interface FollowedSource {
  readonly watched: () => WatchedSource;
  readonly run: () => Promise<void>;
}

/** After the end was asked for, what a source holds is still stored, for so long at most. */
const drainMs = 5_000;
const lookMs = 1_000;

/** Stores what a source gives, batch by batch, until `signal` aborts. */
export function followSource(options: {
  readonly identity: SourceIdentity;
  readonly source: Source;
  readonly pipeline: Pipeline;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly signal: AbortSignal;
}): FollowedSource {
  const { identity, source, pipeline, clock, log, signal } = options;
  const { sourceId, kind } = identity;
  let lastEventAt: Date | null = null;

  return {
    watched() {
      const { active, unreadBytes, problem } = source.state();
      const more = problem === undefined ? {} : { problem };
      return { sourceId, sensor: null, kind, active, lagBytes: unreadBytes, lastEventAt, ...more };
    },
    run: async () => void (await Promise.all([read(), tellProblems()])),
  };

  async function read(): Promise<void> {
    const drained = new AbortController();
    const drain = () => void clock.sleep(drainMs, drained.signal).then(() => drained.abort());
    signal.addEventListener('abort', drain, { once: true });
    await readSource({
      source: identity,
      batches: source.batches(),
      pipeline,
      clock,
      isWorthRetrying,
      onRetry: (error, attempt, waitMs) => {
        log.warn({ err: error, source: sourceId, attempt, waitMs }, 'A batch could not be stored; its source waits.');
      },
      onStored(report) {
        if (report.latestEventEpochMs !== undefined) lastEventAt = new Date(report.latestEventEpochMs);
        options.onStored(report);
      },
      signal: drained.signal,
    });
    drained.abort();
  }

  async function tellProblems(): Promise<void> {
    let told: string | undefined;
    while (!signal.aborted) {
      const { problem } = source.state();
      if (problem !== undefined && problem !== told) log.warn({ source: sourceId }, problem);
      if (problem === undefined && told !== undefined) log.info({ source: sourceId }, 'The source is read again.');
      told = problem;
      await clock.sleep(lookMs, signal);
    }
  }
}
