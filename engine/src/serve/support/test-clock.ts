import type { Clock } from '../../kit/clock.ts';

/** A clock that stands still until it is moved; `sleep` ends when the clock has passed its time, or by its signal. */
export interface TestClock extends Clock {
  advance(ms: number): void;
}

export function createTestClock(start: Date): TestClock {
  let nowMs = start.getTime();
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  return {
    now: () => new Date(nowMs),
    sleep(ms, signal) {
      return new Promise((resolve) => {
        const sleeper = { untilMs: nowMs + ms, wake };
        function wake(): void {
          sleepers.delete(sleeper);
          resolve();
        }
        if (signal?.aborted) return wake();
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
    advance(ms) {
      nowMs += ms;
      for (const sleeper of [...sleepers]) if (sleeper.untilMs <= nowMs) sleeper.wake();
    },
  };
}
