import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Clock } from './kit/clock.ts';
import { untilDone } from './kit/retry.ts';
import type { BatchReport } from './pipeline.ts';

export interface ReadSourceOptions {
  readonly source: SourceIdentity;
  readonly batches: AsyncIterable<LineBatch>;
  readonly onLines: (batch: LineBatch, source: SourceIdentity) => Promise<BatchReport>;
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
  const { source, batches, onLines, onStored, ...retry } = options;
  for await (const batch of batches) {
    if (options.signal?.aborted) return;
    const report = await untilDone(() => onLines(batch, source), {
      clock: retry.clock,
      backoff,
      isRetriable: retry.isWorthRetrying,
      onRetry: retry.onRetry,
      ...(retry.signal === undefined ? {} : { signal: retry.signal }),
    });
    onStored(report, batch);
  }
}
