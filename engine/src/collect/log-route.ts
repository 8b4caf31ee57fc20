import { faultCode } from './file-faults.ts';
import type { Fingerprint } from './fingerprint.ts';
import { type OpenLog, openLog, openLogAt } from './open-log.ts';
import { isLive, type LogFile, listLogFiles } from './rotated-files.ts';

/** The last place that is done with. What to read next follows from it and from the files as they are now. */
export interface Milestone {
  /** True: nothing more comes in that content, go to the file after it. False: go on in it. */
  readonly finished: boolean;
  readonly content: Fingerprint | undefined;
  /** Of the file that was finished. Only for as long as a handle on it is open, and before the content is asked. */
  readonly fileId: string | undefined;
  /** Decides when the content is nowhere: what was written later may be unread. */
  readonly modifiedMs: number;
}

export interface Route {
  readonly log: OpenLog;
  /** The log holds the milestone's content and is opened at that place. */
  readonly resumed: boolean;
  /** In rotated files after this one. */
  readonly laterBytes: number;
}

/** Where a log is begun of which nothing was stored: behind everything that is rotated away already. */
export async function startOfLive(path: string): Promise<Milestone> {
  const newest = (await listLogFiles(path)).findLast((file) => !isLive(file));
  return { finished: true, content: undefined, fileId: newest?.fileId, modifiedMs: newest?.modifiedMs ?? 0 };
}

/** Opens what is to be read after the milestone; undefined while nothing is there. */
export async function openNext(path: string, after: Milestone, chunkBytes: number): Promise<Route | undefined> {
  // Files may be renamed between the look and the opening; then look again. A writer that does this every time is
  // met at the next poll.
  for (let attempt = 0; attempt < 5; attempt++) {
    const files = await listLogFiles(path);
    const finishedIndex = after.finished ? files.findIndex((file) => file.fileId === after.fileId) : -1;
    const found = await findContent(finishedIndex === -1 ? files : [], after.content, chunkBytes);
    // It may be the one that is looked for; to go on without it would read what was read before.
    if (found === 'moved') continue;
    // Found in the live file, even finished content goes on: the file was put there again under another inode.
    if (found && (!after.finished || isLive(found.log.file))) {
      return { log: found.log, resumed: true, laterBytes: rotatedBytes(files.slice(found.index + 1)) };
    }
    if (found) await found.log.close();
    const lastIndex = found ? found.index : finishedIndex;
    const index = lastIndex === -1 ? firstWrittenSince(files, after.modifiedMs) : lastIndex + 1;
    const next = files[index];
    if (!next) return undefined;
    const log = await openLog(next, chunkBytes);
    if (log) return { log, resumed: false, laterBytes: rotatedBytes(files.slice(index + 1)) };
  }
  return undefined;
}

/** Newest first: of a file and its copy, the one that still grows is wanted. */
async function findContent(
  files: readonly LogFile[],
  content: Fingerprint | undefined,
  chunkBytes: number,
): Promise<{ log: OpenLog; index: number } | 'moved' | undefined> {
  if (!content) return undefined;
  let isMoved = false;
  for (const [index, file] of [...files.entries()].reverse()) {
    const log = await openIfReadable(file, content, chunkBytes);
    if (typeof log === 'object') return { log, index };
    isMoved ||= log === 'moved';
  }
  return isMoved ? 'moved' : undefined;
}

/** A rotated file that may not be read cannot be told apart; it is complained about when it is its turn. */
async function openIfReadable(file: LogFile, at: Fingerprint, chunkBytes: number): ReturnType<typeof openLogAt> {
  try {
    return await openLogAt(file, at, chunkBytes);
  } catch (error) {
    if (faultCode(error) === undefined) throw error;
    return 'other content';
  }
}

function firstWrittenSince(files: readonly LogFile[], modifiedMs: number): number {
  return files.findIndex((file) => isLive(file) || file.modifiedMs >= modifiedMs);
}

function rotatedBytes(files: readonly LogFile[]): number {
  return files.reduce((sum, file) => sum + (isLive(file) ? 0 : file.sizeBytes), 0);
}
