import type { Clock } from './clock.ts';

export interface TrialBreaker {
  /** Milliseconds until the next try is allowed; 0 where it is allowed now. */
  waitMs(): number;
  succeeded(): void;
  /** `restMs`: for how long the service itself asked to be left alone; then it rests at the first failure too. */
  failed(restMs?: number): void;
}

/**
 * Stops asking a service that is down: after `failuresMax` failures in a row it rests for `firstRestMs`, then lets one
 * try through; each further failure doubles the rest. No rest is longer than `restMaxMs`, whatever the service asked for.
 */
export function createTrialBreaker(options: {
  readonly clock: Pick<Clock, 'now'>;
  readonly failuresMax?: number;
  readonly firstRestMs?: number;
  readonly restMaxMs?: number;
}): TrialBreaker {
  const { clock, failuresMax = 5, firstRestMs = 30_000, restMaxMs = 900_000 } = options;
  let failures = 0;
  let restsFromMs = 0;
  let restMs = 0;

  return {
    waitMs() {
      const nowMs = clock.now().getTime();
      // Where the clock was put back, the rest begins anew instead of lasting until it is that late again.
      restsFromMs = Math.min(restsFromMs, nowMs);
      return Math.max(0, restsFromMs + restMs - nowMs);
    },
    succeeded() {
      failures = 0;
      restMs = 0;
    },
    failed(askedMs = 0) {
      failures++;
      const over = failures - failuresMax;
      const ownMs = over < 0 ? 0 : firstRestMs * 2 ** Math.min(over, 30);
      restMs = Math.min(restMaxMs, Math.max(askedMs, ownMs));
      restsFromMs = clock.now().getTime();
    },
  };
}
