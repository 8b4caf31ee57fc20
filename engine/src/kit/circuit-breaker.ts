import type { Clock } from './clock.ts';
import { type Backoff, backoffMs } from './retry.ts';

export interface CircuitBreaker {
  /** While true nobody should ask: the last answer was a failure, and no ping has succeeded since. */
  isOpen(): boolean;
  failed(): void;
  /** Pings while it is open, waiting longer after each failure; calls `closed` when the other side is back. Until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

/**
 * Opens at the first failure and is closed by its own pings, never by a real question: whoever asks waits once for a
 * service that is gone, and not again.
 */
export function createCircuitBreaker(options: {
  readonly ping: (signal: AbortSignal) => Promise<void>;
  readonly opened: () => void;
  readonly closed: () => void;
  readonly clock: Clock;
  readonly backoff: Backoff;
}): CircuitBreaker {
  const { ping, clock, backoff } = options;
  let open = false;
  let alarm = new AbortController();

  return {
    isOpen: () => open,
    failed() {
      if (open) return;
      open = true;
      options.opened();
      alarm.abort();
    },
    async run(signal) {
      for (let attempt = 0; !signal.aborted; ) {
        if (!open) {
          attempt = 0;
          await clock.sleep(idleMs, AbortSignal.any([signal, alarm.signal]));
          alarm = new AbortController();
          continue;
        }
        await clock.sleep(backoffMs(attempt++, backoff), signal);
        if (signal.aborted) return;
        const isBack = await ping(signal).then(
          () => true,
          () => false,
        );
        if (!isBack) continue;
        open = false;
        options.closed();
      }
    },
  };
}

/** Only an upper bound: opening wakes it. */
const idleMs = 60_000;
