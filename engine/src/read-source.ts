import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Clock } from './kit/clock.ts';
import { untilDone } from './kit/retry.ts';
import { type AssessedBatch, type BatchReport, letGoOfLines, type Pipeline } from './pipeline.ts';

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
 * The same for a file of the past, in less time: a batch is assessed while the one before it is being stored, and of what
 * is assessed only what the database is sent is kept. Positions still move in order, each with what it covers. What was
 * assessed before a failure may rest on what then was not stored: it is assessed anew, as is the batch that failed.
 */
export async function readSourceAhead(options: ReadSourceOptions): Promise<void> {
  const { source, batches, pipeline } = options;
  let failures = 0;
  let failuresHeard = 0;
  let storing: Promise<void> = Promise.resolve();
  let assessing: Promise<unknown> = Promise.resolve();
  try {
    for await (const batch of batches) {
      if (failures > failuresHeard) {
        await storing;
        failuresHeard = failures;
      }
      const assess = insist(options, async () => letGoOfLines(await pipeline.assessLines(batch, source)));
      assessing = assess.catch(() => undefined);
      const assessed = await assess;
      await storing;
      storing = store(batch, assessed, failuresHeard);
      // Heard when it is awaited; until then a failure must not count as unheard.
      storing.catch(() => undefined);
    }
  } finally {
    await storing;
  }

  async function store(batch: LineBatch, assessed: AssessedBatch, failuresBefore: number): Promise<void> {
    const report = failures === failuresBefore ? await pipeline.storeLines(assessed).catch(hear) : undefined;
    options.onStored(report ?? (await insist(options, () => storeAnew(batch, assessed))), batch);
  }

  async function storeAnew(batch: LineBatch, assessed: AssessedBatch): Promise<BatchReport> {
    // What is being assessed rests on it too, and would be remembered.
    await assessing;
    pipeline.dropLines(assessed);
    pipeline.forgetSessions();
    return await pipeline.onLines(batch, source);
  }

  /** Whatever it was, that it comes again is told by the second try, which has the lines. */
  function hear(): undefined {
    failures++;
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
