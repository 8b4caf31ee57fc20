import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Source } from '../collect/source.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { readSource } from '../read-source.ts';
import type { WatchedSource } from '../serve/health.ts';
import { isWorthRetrying } from '../store/database.ts';
import { createReadOn, followingOn } from './read-on.ts';

export interface FollowedSource {
  readonly watched: () => WatchedSource;
  readonly run: () => Promise<void>;
}

/** After the end was asked for, what a source holds is still stored, for so long at most. */
const drainMs = 5_000;
const lookMs = 1_000;

/** For a source that is read from a place, and not one that is only heard. */
export interface CanGoBack {
  /** Where `source` was opened. */
  readonly position: unknown;
  /** What is stored now. */
  readonly findPosition: () => Promise<unknown>;
  readonly open: (position: unknown) => Source;
}

/** Stores what a source gives, batch by batch, until `signal` aborts. */
export function followSource(options: {
  readonly identity: SourceIdentity;
  readonly source: Source;
  /** Absent: what it gives can be had once only, and is stored wherever its position stands. */
  readonly goBack?: CanGoBack;
  readonly pipeline: Pipeline;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly signal: AbortSignal;
}): FollowedSource {
  const { identity, goBack, pipeline, clock, log, signal } = options;
  const { sourceId, kind } = identity;
  let source = options.source;
  let lastEventAt: Date | null = null;
  let until = signal;
  const readOn = goBack && createReadOn({ ...goBack, ...{ clock, signal, onMoved, reopen }, read: readFollowing });

  return {
    watched() {
      const { active, unreadBytes, problem } = state();
      const more = problem === undefined ? {} : { problem };
      return { sourceId, sensor: null, kind, active, lagBytes: unreadBytes, lastEventAt, ...more };
    },
    async run() {
      const drained = new AbortController();
      const drain = () => void clock.sleep(drainMs, drained.signal).then(() => drained.abort());
      signal.addEventListener('abort', drain, { once: true });
      until = drained.signal;
      const reading = (readOn ? readOn.run() : read(source.batches())).finally(() => drained.abort());
      await Promise.all([reading, tellProblems()]);
    },
  };

  async function readFollowing(from: unknown): Promise<void> {
    await read(followingOn(source.batches(), from));
  }

  async function read(batches: AsyncIterable<LineBatch>): Promise<void> {
    await readSource({
      source: identity,
      batches,
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
      signal: until,
    });
  }

  function reopen(position: unknown): void {
    if (goBack) source = goBack.open(position);
  }

  function onMoved(): void {
    log.warn({ source: sourceId }, movedBy(identity));
  }

  function state() {
    const told = source.state();
    return told.problem === undefined && readOn?.wasMoved() ? { ...told, problem: movedBy(identity) } : told;
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

function movedBy({ place }: SourceIdentity): string {
  return (
    `${place} is read on from where the database says, because somebody else moved that: another engine reads the same into this ` +
    'database (stop one of the two), or the database was set back.'
  );
}
