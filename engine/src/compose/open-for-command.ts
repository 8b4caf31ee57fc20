import type { Writable } from 'node:stream';
import type { Config } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { giveUpWaiting } from './give-up-waiting.ts';
import { type OpenDatabase, openConfiguredDatabase } from './open-database.ts';

/** An engine waits for its database as long as it takes; somebody who typed a command sits there and waits for its answer. */
const patienceDefaultMs = 15_000;

export interface CommandDatabaseOptions {
  readonly config: Config;
  readonly stderr: Writable;
  readonly role: string;
  readonly patienceMs?: number;
}

/** Opens the database for `work` alone, as `openForCommand` does. */
export async function withDatabase<T>(
  options: CommandDatabaseOptions,
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const database = await openForCommand(options);
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/**
 * The configured database for one command; only warnings are said, on `stderr`, so that stdout holds the answer alone.
 * @throws CerberusError DATABASE_AWAY where it does not answer for `patienceMs`.
 */
export async function openForCommand(options: CommandDatabaseOptions): Promise<OpenDatabase> {
  const { config, stderr, role, patienceMs = patienceDefaultMs } = options;
  const log = { info: () => undefined, warn: (_: object, sentence: string) => stderr.write(`${sentence}\n`) };
  const signal = AbortSignal.timeout(patienceMs);
  return await openConfiguredDatabase({ config, clock: systemClock, log, role, signal }).catch(giveUpWaiting);
}
