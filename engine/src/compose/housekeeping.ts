import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { Database } from '../store/database.ts';
import { dropOldFeeds } from '../store/feeds.ts';
import { mendJobTimes } from '../store/jobs.ts';
import { mendLifetimes } from '../store/lifetimes.ts';
import { createPartitions, monthsOf } from '../store/partitions.ts';
import { closeForgottenSessions } from '../store/sessions.ts';

const roundMs = 60_000;
/** Cowrie ends a session after 180 s of silence at the latest, unless it was prepared for patience; an hour is past both. */
const sessionIdleMinutes = 60;
const dayMs = 86_400_000;

/** What has to be done now and then: partitions ahead of time, sessions whose sensor never said goodbye, feeds that are over. */
export async function keepHouse(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  readonly alsoEachRound: () => Promise<void>;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { database, clock, log, alsoEachRound, signal } = options;
  const ensurePartitions = createPartitions(database);
  while (!signal.aborted) {
    await round().catch((error: unknown) =>
      log.warn({ err: error }, 'Housekeeping failed; it is tried again in a minute.'),
    );
    await clock.sleep(roundMs, signal);
  }

  async function round(): Promise<void> {
    const now = clock.now();
    await ensurePartitions(monthsOf([now.getTime(), now.getTime() + 7 * dayMs]), now);
    await closeForgottenSessions(database.pool, sessionIdleMinutes, now);
    await dropOldFeeds(database.pool);
    await mendJobTimes(database.pool);
    await mendLifetimes(database.pool, now);
    await alsoEachRound();
  }
}
