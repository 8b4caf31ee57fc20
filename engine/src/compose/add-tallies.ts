import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { addAllTallies } from '../store/tallies.ts';
import type { Tallying } from '../store/write-batch.ts';

/**
 * How late attackers and most rollups may be. Five times as long saves the server next to nothing more, and holds the event
 * loop five times as long.
 */
export const addTalliesEveryMs = 100;
const failedMs = 1000;
const quietMs = 60_000;

export interface TallyLane extends Tallying {
  /** Adds what batches leave, together, until `signal` aborts; also what an engine that was killed has left. */
  run(signal: AbortSignal): Promise<void>;
  /** For the end, when nobody leaves anything any more. What cannot be added now, the next engine adds. */
  close(): Promise<void>;
}

/** Adds what live batches leave to attackers and rollups, and rests between two rounds. */
export function createTallyLane({
  database,
  clock,
  log,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
}): TallyLane {
  let isLeft = true;
  let isFailing = false;
  let waiting = new AbortController();

  return {
    left() {
      isLeft = true;
      waiting.abort('left');
    },
    addAll: () => addAllTallies(database),
    async run(signal) {
      signal.addEventListener('abort', () => waiting.abort('aborted'), { once: true });
      while (!signal.aborted) {
        if (isLeft) await addLeft();
        await clock.sleep(isFailing ? failedMs : addTalliesEveryMs, signal);
        waiting = new AbortController();
        // No timer goes where nothing comes in.
        if (!isLeft && !signal.aborted) await clock.sleep(quietMs, waiting.signal);
      }
    },
    close: addLeft,
  };

  async function addLeft(): Promise<void> {
    isLeft = false;
    try {
      await addAllTallies(database);
      isFailing = false;
    } catch (err) {
      isLeft = true;
      if (!isFailing) log.warn({ err }, 'What was counted of attackers could not be added; it waits, nothing is lost.');
      isFailing = true;
    }
  }
}
