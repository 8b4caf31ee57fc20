import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../kit/clock.ts';
import type { LogFile } from './rotated-files.ts';

/** Longer than the coarsest time stamp of a file system in use (FAT: 2 s, others milliseconds). */
const SETTLED_MS = 3000;

export interface IdleCheck {
  /** True if a look through the folder would show what the last one showed. */
  isNothingNew(live: LogFile | undefined): Promise<boolean>;
  /** Reading went on somewhere: the next look is for something else. */
  forget(): void;
}

/**
 * A look through a folder of 1,000 rotated files costs 0.1 s of CPU, and a reader that waits looks four times a second.
 * So once folder and live file have been unchanged for long enough that their time stamps can be trusted, one look more
 * is the last until they change.
 */
export function createIdleCheck(path: string, clock: Clock): IdleCheck {
  let seen = { stamp: '', sinceMs: 0, isLooked: false };
  return { isNothingNew, forget };

  async function isNothingNew(live: LogFile | undefined): Promise<boolean> {
    const stamp = await stampOf(path, live);
    const nowMs = clock.now().getTime();
    if (stamp !== seen.stamp) seen = { stamp, sinceMs: nowMs, isLooked: false };
    if (seen.isLooked) return true;
    seen.isLooked = nowMs - seen.sinceMs >= SETTLED_MS;
    return false;
  }

  function forget(): void {
    seen = { stamp: '', sinceMs: 0, isLooked: false };
  }
}

/** Creating, deleting and renaming a file changes the folder's time. */
async function stampOf(path: string, live: LogFile | undefined): Promise<string> {
  const real = await realpath(path).catch(() => path);
  const folders = await Promise.all([dirname(path), dirname(real)].map(stampOfFolder));
  return [...folders, live?.fileId, live?.sizeBytes].join(' ');
}

async function stampOfFolder(folder: string): Promise<string> {
  const found = await stat(folder, { bigint: true }).catch(() => undefined);
  return found ? `${found.dev}:${found.ino}:${found.mtimeNs}` : 'none';
}
