import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Clock } from './kit/clock.ts';
import { untilDone } from './kit/retry.ts';
import type { AssessedBatch, BatchReport, Pipeline } from './pipeline.ts';

export interface ReadSourceOptions {
  readonly source: SourceIdentity;
  readonly batches: AsyncIterable<LineBatch>;
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  /** Failures after which the same batch is tried again, as long as it takes: the source waits, nothing is lost. */
  readonly isWorthRetrying: (error: unknown) => boolean;
  readonly onRetry: (error: unknown, attempt: number, waitMs: number) => void;
  readonly onStored: (report: BatchReport, batch: LineBatch) => void;
  readonly signal?: AbortSignal;
}

const backoff = { firstMs: 100, maxMs: 15_000 };

/** Takes a source's batches one by one: the next is asked for when this one is durable, which is all the back-pressure there is. */
export async function readSource(options: ReadSourceOptions): Promise<void> {
  const { source, batches, pipeline, onStored } = options;
  for await (const batch of batches) {
    if (options.signal?.aborted) return;
    const report = await insist(options, () => pipeline.onLines(batch, source));
    onStored(report, batch);
  }
}

/**
 * The same for a file of the past, in about two thirds of the time: a batch is assessed while the one before it is
 * being stored. Positions still move in order, each with what it covers.
 */
export async function readSourceAhead(options: ReadSourceOptions): Promise<void> {
  const { source, batches, pipeline } = options;
  let storing: Promise<void> = Promise.resolve();
  try {
    for await (const batch of batches) {
      const assessed = await insist(options, () => pipeline.assessLines(batch, source));
      await storing;
      storing = store(batch, assessed);
      // Heard when it is awaited; until then a failure must not count as unheard.
      storing.catch(() => undefined);
    }
  } finally {
    await storing;
  }

  async function store(batch: LineBatch, assessed: AssessedBatch): Promise<void> {
    let tries = 0;
    const report = await insist(options, () => {
      // After a failure another process may have stored a part of it: look again.
      return tries++ === 0 ? pipeline.storeLines(assessed) : pipeline.onLines(batch, source);
    });
    options.onStored(report, batch);
  }
}

/** Tries until it works, as long as it takes, where the failure is one that passes. */
function insist<T>({ clock, isWorthRetrying, onRetry, signal }: ReadSourceOptions, work: () => Promise<T>): Promise<T> {
  return untilDone(work, {
    clock,
    backoff,
    isRetriable: isWorthRetrying,
    onRetry,
    ...(signal === undefined ? {} : { signal }),
  });
}
