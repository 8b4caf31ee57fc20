import type { Clock } from '../../kit/clock.ts';

/** Wakes all that wait; rung while nobody does, it wakes the next one at once. */
export function createBell() {
  let rung = new AbortController();
  return {
    ring(): void {
      rung.abort();
    },
    /** For `ms` at most, or until `signal` aborts. */
    async wait(ms: number, clock: Pick<Clock, 'sleep'>, signal?: AbortSignal): Promise<void> {
      const heard = rung;
      await clock.sleep(ms, signal ? AbortSignal.any([heard.signal, signal]) : heard.signal);
      if (heard.signal.aborted && rung === heard) rung = new AbortController();
    },
  };
}
