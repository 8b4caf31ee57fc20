import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../../kit/clock.ts';
import { counted } from '../../kit/counted.ts';
import { reasonOf } from '../../kit/reason-of.ts';

const run = promisify(exec);

export interface RestartOptions {
  /** `COWRIE_RESTART_COMMAND`. */
  readonly command: string;
  /** Visitors whom a restart would cut off. */
  readonly countLive: () => Promise<number>;
  /** Bytes of Cowrie's log that were not read yet; null while that is not known. */
  readonly unreadBytes: () => number | null;
  readonly clock: Clock;
}

/** Waits, until `signal` aborts, for a moment in which a restart costs nothing, and gives the restart. */
export type RestartWhenQuiet = (signal: AbortSignal) => Promise<() => Promise<void>>;

const lookEachMs = 250;
const timeoutMs = 60_000;

/**
 * The last way, where nothing else serves: never while a visitor is there, and never while a line of the log was not read.
 * Throws COWRIE_BUSY, with how many sessions it would have cut, where no such moment came.
 */
export function createRestart({ command, countLive, unreadBytes, clock }: RestartOptions): RestartWhenQuiet {
  return async function whenQuiet(signal) {
    for (;;) {
      const [live, unread] = [await countLive(), unreadBytes()];
      if (live === 0 && unread === 0) return restart;
      if (signal.aborted) throw new CerberusError('COWRIE_BUSY', busySentence(live, unread));
      await clock.sleep(lookEachMs, signal);
    }
  };

  async function restart(): Promise<void> {
    await run(command, { timeout: timeoutMs, maxBuffer: 1 << 20 }).catch((cause: unknown) => {
      const why = reasonOf(cause).split('\n')[0];
      throw new CerberusError('COWRIE_UNUSABLE', `"${command}" (COWRIE_RESTART_COMMAND) failed: ${why}`, cause);
    });
  }
}

function busySentence(live: number, unread: number | null): string {
  const sessions = `${counted(live, 'session')} ${live === 1 ? 'is' : 'are'}`;
  return `A restart would have cut off whoever is there: ${sessions} live, and ${unread ?? 'an unknown number of'} bytes of the log are not read. Nothing was changed.`;
}
