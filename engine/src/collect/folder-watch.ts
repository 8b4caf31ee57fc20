import { type FSWatcher, watch } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Clock } from '../kit/clock.ts';

export interface FolderWatch {
  /**
   * Until something happens beside the path, the signal aborts, or `ms` are over. What happened before counts.
   * @returns false where only the time was up.
   */
  wait(ms: number): Promise<boolean>;
  close(): void;
}

const unseenMs = 100;

/**
 * Wakes a reader within milliseconds of a write. Only a hint: it sees nothing of bind-mounted files and network file
 * systems, so its user polls as well. Watches the folder and not the file, because rotation changes the file.
 */
export function watchFolder(path: string, clock: Clock, signal: AbortSignal): FolderWatch {
  const watched = new Map<string, { watcher: FSWatcher; folderId: string }>();
  let woken = false;
  /** A watch that wakes us works; after a wait that none ended, they may stand on a folder that was replaced. */
  let isDoubtful = true;
  let waiting = new AbortController();
  signal.addEventListener('abort', wake, { once: true });

  return { wait, close };

  async function wait(ms: number): Promise<boolean> {
    const isNew = isDoubtful && (await watchAnew());
    // What happened between the last look and the new watch is told by nobody.
    if (!woken && !signal.aborted) await clock.sleep(isNew ? Math.min(ms, unseenMs) : ms, waiting.signal);
    const isWoken = woken;
    isDoubtful = !isWoken;
    woken = false;
    waiting = new AbortController();
    return isWoken;
  }

  function close(): void {
    signal.removeEventListener('abort', wake);
    for (const { watcher } of watched.values()) watcher.close();
  }

  function wake(): void {
    woken = true;
    // A reason of ours: without one an error with its stack is made at each line that is written.
    waiting.abort('woken');
  }

  async function watchAnew(): Promise<boolean> {
    const real = await realpath(path).catch(() => path);
    let isNew = false;
    for (const folder of new Set([dirname(path), dirname(real)])) isNew = (await keepWatching(folder)) || isNew;
    return isNew;
  }

  /** A watch stays with the folder that it was made for, so one that was replaced needs a new watch: true where it got one. */
  async function keepWatching(folder: string): Promise<boolean> {
    const folderId = await idOf(folder);
    if (watched.get(folder)?.folderId === folderId) return false;
    forget(folder);
    if (folderId === undefined) return false;
    try {
      const watcher = watch(folder, { persistent: false }, wake);
      watcher.on('error', () => forget(folder));
      watched.set(folder, { watcher, folderId });
      return true;
    } catch {
      // No permission, or no watch left in the system: polling goes on without it.
      return false;
    }
  }

  function forget(folder: string): void {
    watched.get(folder)?.watcher.close();
    watched.delete(folder);
  }
}

async function idOf(folder: string): Promise<string | undefined> {
  const found = await stat(folder, { bigint: true }).catch(() => undefined);
  return found && `${found.dev}:${found.ino}`;
}
