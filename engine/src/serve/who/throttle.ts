import type { Clock } from '../../kit/clock.ts';

/** One who counts failures: of an address, of a name, of a known device. */
export interface Counter {
  /** Failures that are forgiven in a window. */
  readonly failuresMax: number;
  readonly windowMs: number;
}

export interface Attempt {
  readonly counter: Counter;
  readonly key: string;
}

export interface Throttle {
  /** Counts each of them as a failure beforehand, so that a hundred at once are a hundred. @returns seconds to wait, 0 where it may go on */
  take(attempts: readonly Attempt[]): number;
  /** It was no failure after all. */
  giveBack(attempts: readonly Attempt[]): void;
}

const keysMax = 20_000;

/** Failures leak away at an even rate: whoever has used up what is forgiven may try again as one of them is forgotten. */
export function createThrottle(clock: Pick<Clock, 'now'>): Throttle {
  const levels = new Map<string, { failures: number; atMs: number }>();

  return {
    take(attempts) {
      const nowMs = clock.now().getTime();
      const waitMs = Math.max(0, ...attempts.map((attempt) => waitOf(attempt, nowMs)));
      if (waitMs > 0) return Math.ceil(waitMs / 1000);
      for (const attempt of attempts) change(attempt, 1, nowMs);
      return 0;
    },
    giveBack(attempts) {
      const nowMs = clock.now().getTime();
      for (const attempt of attempts) change(attempt, -1, nowMs);
    },
  };

  function waitOf(attempt: Attempt, nowMs: number): number {
    const { failuresMax, windowMs } = attempt.counter;
    return Math.max(0, ((levelOf(attempt, nowMs) + 1 - failuresMax) * windowMs) / failuresMax);
  }

  function levelOf({ counter, key }: Attempt, nowMs: number): number {
    const level = levels.get(key);
    if (level === undefined) return 0;
    return Math.max(0, level.failures - ((nowMs - level.atMs) * counter.failuresMax) / counter.windowMs);
  }

  function change(attempt: Attempt, by: number, nowMs: number): void {
    const failures = Math.max(0, levelOf(attempt, nowMs) + by);
    // Taken out and put in again: the map's order is then that of the latest failure, and the oldest is let go.
    levels.delete(attempt.key);
    if (failures > 0) levels.set(attempt.key, { failures, atMs: nowMs });
    if (levels.size > keysMax) for (const oldest of levels.keys()) return void levels.delete(oldest);
  }
}
