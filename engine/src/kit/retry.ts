import type { Clock } from './clock.ts';

export interface Backoff {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** Full jitter: a random share of a bound that doubles, so that many waiters do not come back together. */
export function backoffMs(attempt: number, { firstMs, maxMs }: Backoff, random: () => number = Math.random): number {
  return Math.round(Math.min(maxMs, firstMs * 2 ** Math.min(attempt, 30)) * (0.5 + random() / 2));
}

/**
 * Calls `work` until it succeeds or `signal` aborts, waiting longer after each failure. Only failures that
 * `isRetriable` knows are repeated; any other is thrown at once, because repeating an unknown fault hides it.
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  options: {
    clock: Clock;
    backoff: Backoff;
    isRetriable: (error: unknown) => boolean;
    onRetry?: (error: unknown, attempt: number, waitMs: number) => void;
    signal?: AbortSignal;
  },
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!options.isRetriable(error) || options.signal?.aborted) throw error;
      const waitMs = backoffMs(attempt, options.backoff);
      options.onRetry?.(error, attempt, waitMs);
      await options.clock.sleep(waitMs, options.signal);
      if (options.signal?.aborted) throw error;
    }
  }
}
