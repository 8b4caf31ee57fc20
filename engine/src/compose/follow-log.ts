import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { type CowrieTail, createCowrieTail } from '../collect/cowrie-tail.ts';
import { isFollowed, tellsOfALog } from '../collect/tail-position.ts';
import type { TailTelemetry } from '../collect/tail-telemetry.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { readSource } from '../read-source.ts';
import type { WatchedSource } from '../serve/health.ts';
import { isWorthRetrying } from '../store/database.ts';
import { createReadOn, followingOn } from './read-on.ts';
import { logTail } from './tail-log.ts';

/** Small enough that assessing a batch does not hold the API up, large enough for thousands of lines a second. */
const batchBytesMax = 128 * 1024;

export interface FollowedLog {
  readonly watched: () => WatchedSource;
  /**
   * Resolves when it is stored that the log is followed, or it cannot be read. From then on what is rotated away while
   * nobody reads is found by the next start; before, it would be history.
   */
  readonly begun: Promise<void>;
  readonly run: () => Promise<void>;
}

/** Follows Cowrie's log from where it was left, and stores what it says. */
export function followLog(options: {
  readonly path: string;
  readonly position: unknown;
  /** What is stored now. */
  readonly findPosition: (sourceId: string) => Promise<unknown>;
  /** Nobody named it: until it is there for the first time it is only waited for. */
  readonly isUsualPlace?: boolean;
  readonly pipeline: Pipeline;
  readonly onStored: (report: BatchReport) => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
  readonly signal: AbortSignal;
}): FollowedLog {
  const { path, position, isUsualPlace = false, pipeline, clock, log, signal } = options;
  const source = sourceOf(path);
  const begun = Promise.withResolvers<void>();
  if (isFollowed(position)) begun.resolve();
  const logged = logTail(log);
  const telemetry: TailTelemetry = {
    ...logged,
    unreadable(told) {
      begun.resolve();
      logged.unreadable(told);
    },
  };
  let tail = openTail(position);
  let lastEventAt: Date | null = null;
  let wasThere = !isUsualPlace || tellsOfALog(position);
  const reading = createReadOn({
    ...{ position, read, clock, signal, findPosition: () => options.findPosition(source.sourceId) },
    reopen(at) {
      tail = openTail(at);
    },
    onMoved: () => log.warn({}, movedBy(path)),
  });

  return {
    watched() {
      const { active, unreadBytes, problem } = tail.state();
      wasThere ||= active || problem !== undefined;
      const why = active ? (reading.wasMoved() ? movedBy(path) : undefined) : (problem ?? waitingFor(path, !wasThere));
      return {
        sourceId: source.sourceId,
        sensor: null,
        kind: source.kind,
        active,
        isWaiting: !wasThere,
        lagBytes: unreadBytes,
        lastEventAt,
        ...(why === undefined ? {} : { problem: why }),
      };
    },
    begun: begun.promise,
    run: reading.run,
  };

  function openTail(at: unknown): CowrieTail {
    return createCowrieTail({ ...source, path, position: at, clock, signal, telemetry, batchBytesMax });
  }

  async function read(from: unknown): Promise<void> {
    await readSource({
      source,
      batches: followingOn(tail.batches(), from),
      pipeline,
      clock,
      isWorthRetrying,
      onRetry: (error, attempt, waitMs) => {
        log.warn({ err: error, attempt, waitMs }, 'A batch could not be stored; the log waits, nothing is lost.');
      },
      onStored(report) {
        begun.resolve();
        if (report.latestEventEpochMs !== undefined) lastEventAt = new Date(report.latestEventEpochMs);
        options.onStored(report);
      },
      signal,
    });
  }
}

function movedBy(path: string): string {
  return (
    `${path} is read on from where the database says, because somebody else moved that: another engine reads the same log into ` +
    'this database (stop one of the two), or the database was set back.'
  );
}

function waitingFor(path: string, isUsualPlace: boolean): string {
  if (isUsualPlace)
    return `No Cowrie was named; ${path} is read as soon as it is there. COWRIE_LOG_PATH names another.`;
  return `There is no ${path} yet: start Cowrie, or set COWRIE_LOG_PATH to the log that it writes.`;
}

/** A log is a source by its path; what it holds is told apart by its content. */
export function sourceOf(path: string): SourceIdentity {
  return { sourceId: `cowrie log ${path}`, kind: 'cowrie log', place: path };
}
