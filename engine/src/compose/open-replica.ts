import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { openReadPool, type Reader } from '../store/read/reader.ts';
import { createReplicaReader } from '../store/read/replica.ts';

/** The replica that is asked for what bears a lag; undefined where none is configured. */
export function openReplica(
  { database }: Pick<Config, 'database'>,
  parts: { readonly primary: Reader; readonly clock: Clock; readonly log: Pick<Log, 'info' | 'warn'> },
): { readonly reader: Reader; close(): Promise<void> } | undefined {
  if (database.readUrl === null) return undefined;
  const replica = openReadPool(database.readUrl.reveal());
  const reader = createReplicaReader({
    ...{ replica, primary: parts.primary, clock: parts.clock },
    onAway: (err) => parts.log.warn({ err }, 'The replica does not answer; statistics come from the first database.'),
    onBack: () => parts.log.info({}, 'The replica answers again.'),
  });
  return { reader, close: replica.close };
}
