import type { Done } from '../../decide/history.ts';
import type { Clock } from '../../kit/clock.ts';
import type { Log } from '../../kit/log.ts';
import type { Database } from '../../store/database.ts';
import { findDone } from '../../store/decisions.ts';

const eachMs = 1000;
/** Transactions take time, and the clocks of two machines differ: what came late is not missed. */
const overlapMs = 60_000;

/**
 * What one process knows by itself because it did it, others are told by the database: planted lures, and what was decided.
 * For about a second a worker may not know what another has just decided, so budgets and cooldowns may be passed by one.
 */
export async function learnFromOthers(parts: {
  readonly database: Pick<Database, 'pool'>;
  readonly learnPlanted: (since: Date) => Promise<void>;
  readonly learnDone: (done: readonly Done[]) => void;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { database, learnPlanted, learnDone, clock, log, signal } = parts;
  let since = new Date(clock.now().getTime() - overlapMs);
  while (!signal.aborted) {
    await clock.sleep(eachMs, signal);
    const now = clock.now();
    try {
      await learnPlanted(since);
      learnDone(await findDone(database.pool, since));
      since = new Date(now.getTime() - overlapMs);
    } catch (error) {
      log.warn({ err: error }, 'What other processes did could not be learnt; it is asked for again.');
    }
  }
}
