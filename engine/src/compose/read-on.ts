import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Clock } from '../kit/clock.ts';
import { untilDone } from '../kit/retry.ts';
import { isWorthRetrying } from '../store/database.ts';
import { isSourceMoved } from '../store/sources.ts';

/** After somebody else moved a position: two engines on one source would otherwise do nothing but overtake each other. */
const restMs = 1_000;
/** So long it is told of. */
const toldMs = 60_000;

/**
 * Reads a source of which each batch must follow on what is stored: where it does not, because another engine reads the
 * same or the database is an older copy of itself after a fail-over, nothing of the batch is stored, and reading goes on
 * from where the database says.
 */
export function createReadOn(options: {
  /** As stored when the source was opened. */
  readonly position: unknown;
  /** What is stored now. */
  readonly findPosition: () => Promise<unknown>;
  /** Reads to the end; its batches went through `followingOn(…, from)`. */
  readonly read: (from: unknown) => Promise<void>;
  readonly reopen: (position: unknown) => void;
  readonly onMoved: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}) {
  const { findPosition, read, reopen, onMoved, clock, signal } = options;
  let movedAtMs = Number.NEGATIVE_INFINITY;

  return {
    /** True for a minute after somebody else moved the position. */
    wasMoved: (): boolean => clock.now().getTime() - movedAtMs < toldMs,

    async run(): Promise<void> {
      let from = options.position ?? null;
      while (!signal.aborted) {
        try {
          return await read(from);
        } catch (error) {
          // Told to stop while a batch waited for its next try: nothing of it is stored, and it is read again.
          if (signal.aborted && isWorthRetrying(error)) return;
          if (!isSourceMoved(error)) throw error;
          movedAtMs = clock.now().getTime();
          onMoved();
        }
        await clock.sleep(restMs, signal);
        from = (await untilFound()) ?? null;
        reopen(from);
      }
    },
  };

  async function untilFound(): Promise<unknown> {
    return await untilDone(findPosition, {
      ...{ clock, signal, backoff: { firstMs: 200, maxMs: 10_000 }, isRetriable: isWorthRetrying },
    });
  }
}

/** Asking for the next batch says that the last one is stored. */
export async function* followingOn(batches: AsyncIterable<LineBatch>, first: unknown): AsyncGenerator<LineBatch> {
  let from = first;
  for await (const batch of batches) {
    yield { ...batch, from };
    from = batch.position;
  }
}
