import { setImmediate } from 'node:timers/promises';

/** A few ms of the pipeline's work on one item each: what waits in the event loop waits no longer than that. */
const itemsPerBreath = 64;

/**
 * Calls `work` for each item in order, and lets the event loop run in between: answers of the database are taken, and
 * requests served, while a large batch is under way. A small batch goes through in one breath.
 */
export async function forEachBreathing<T>(items: readonly T[], work: (item: T) => void): Promise<void> {
  let done = 0;
  for (const item of items) {
    if (done > 0 && done % itemsPerBreath === 0) await setImmediate();
    done++;
    work(item);
  }
}
