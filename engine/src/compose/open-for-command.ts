import type { Writable } from 'node:stream';
import type { Config } from '../config.ts';
import { systemClock } from '../kit/clock.ts';
import { type OpenDatabase, openConfiguredDatabase } from './open-database.ts';

/** The configured database for one command; only warnings are said, on `stderr`, so that stdout holds the answer alone. */
export async function withDatabase<T>(
  options: { readonly config: Config; readonly stderr: Writable; readonly role: string },
  work: (database: OpenDatabase) => Promise<T>,
): Promise<T> {
  const { config, stderr, role } = options;
  const log = { info: () => undefined, warn: (_: object, sentence: string) => stderr.write(`${sentence}\n`) };
  const database = await openConfiguredDatabase({ config, clock: systemClock, log, role });
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}
