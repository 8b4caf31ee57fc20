import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import { type CowrieTail, createCowrieTail } from '../collect/cowrie-tail.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { untilDone } from '../kit/retry.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { readSource } from '../read-source.ts';
import type { WatchedSource } from '../serve/health.ts';
import { isWorthRetrying } from '../store/database.ts';
import { isSourceMoved } from '../store/sources.ts';
import { logTail } from './tail-log.ts';

/** Small enough that assessing a batch does not hold the API up, large enough for thousands of lines a second. */
const batchBytesMax = 128 * 1024;
/** After somebody else moved a position: two engines on one log would otherwise do nothing but overtake each other. */
const restMs = 1_000;
/** So long it is told of. */
const toldMs = 60_000;

export interface FollowedLog {
  readonly watched: () => WatchedSource;
  readonly run: () => Promise<void>;
}

/**
 * Follows Cowrie's log from where it was left, and stores what it says. Each batch must follow on what is stored: where it
 * does not, because another engine reads the same log or the database is an older copy of itself after a fail-over, nothing
 * of it is stored, and the log is read on from where the database says.
 */
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
  const telemetry = logTail(log);
  let tail = openTail(position);
  let movedAtMs = Number.NEGATIVE_INFINITY;
  let lastEventAt: Date | null = null;
  let wasThere = !isUsualPlace || (position ?? null) !== null;

  return {
    watched() {
      const { active, unreadBytes, problem } = tail.state();
      wasThere ||= active || problem !== undefined;
      const isMoved = clock.now().getTime() - movedAtMs < toldMs;
      const why = active ? (isMoved ? movedBy(path) : undefined) : (problem ?? waitingFor(path, !wasThere));
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
    async run() {
      let from = position ?? null;
      while (!signal.aborted) {
        try {
          return await read(from);
        } catch (error) {
          if (!isSourceMoved(error)) throw error;
          movedAtMs = clock.now().getTime();
          log.warn({}, movedBy(path));
        }
        await clock.sleep(restMs, signal);
        from = (await untilFound()) ?? null;
        tail = openTail(from);
      }
    },
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
        if (report.latestEventEpochMs !== undefined) lastEventAt = new Date(report.latestEventEpochMs);
        options.onStored(report);
      },
      signal,
    });
  }

  async function untilFound(): Promise<unknown> {
    return await untilDone(() => options.findPosition(source.sourceId), {
      ...{ clock, signal, backoff: { firstMs: 200, maxMs: 10_000 }, isRetriable: isWorthRetrying },
    });
  }
}

/** Asking for the next batch says that the last one is stored. */
async function* followingOn(batches: AsyncIterable<LineBatch>, first: unknown): AsyncGenerator<LineBatch> {
  let from = first;
  for await (const batch of batches) {
    yield { ...batch, from };
    from = batch.position;
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

export function sourceOf(path: string): SourceIdentity {
  return { sourceId: `cowrie log ${path}`, kind: 'cowrie log', place: path };
}
