import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { addAllTallies } from '../store/tallies.ts';
import type { Tallying } from '../store/write-batch.ts';

/** How late attackers and most rollups may be. */
const everyMs = 500;

export interface TallyLane extends Tallying {
  /** Adds what batches leave, together, until `signal` aborts; also what an engine that was killed has left. */
  run(signal: AbortSignal): Promise<void>;
  /** For the end, when nobody leaves anything any more. What cannot be added now, the next engine adds. */
  close(): Promise<void>;
}

/** Adds what live batches leave to attackers and rollups, at most twice a second. */
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

  return {
    left() {
      isLeft = true;
    },
    addAll: () => addAllTallies(database),
    async run(signal) {
      while (!signal.aborted) {
        if (isLeft) await addLeft();
        await clock.sleep(everyMs, signal);
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
