import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { faultCode, isMissing } from './file-faults.ts';

/** A file that holds a part of the log: rotated away, or the live one. */
export interface LogFile {
  readonly path: string;
  /** Device and inode. Says "the same file" only while a handle on it is open: a freed inode is given away again. */
  readonly fileId: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  /** What the name has more than the live file's, compression left out: `.2026-11-21`, `.1`; empty for the live one. */
  readonly rotation: string;
}

/** `.1`, `.2026-11-21`, `-20261121`, `-20261121-1763683200`, and each of them compressed. */
const rotatedSuffix = /^([.-]\d[\d-]*)(\.gz|\.bz2)?$/;
const dateSuffix = /^[.-]\d{4}-?\d{2}-?\d{2}/;

/**
 * The files of a log, oldest first, the live one last (it is missing for a moment at each rotation). Looks beside the
 * path and, where that is a symbolic link, beside its target.
 *
 * It is read until two looks agree, because a file that is renamed while its folder is read can be seen twice or not at
 * all; under a writer that never rests the last look stands, and the reader's next one corrects it.
 */
export async function listLogFiles(path: string): Promise<LogFile[]> {
  let before = await lookOnce(path);
  for (let look = 0; look < 5; look++) {
    const now = await lookOnce(path);
    if (namesAndIds(now) === namesAndIds(before)) return now;
    before = now;
  }
  return before;
}

/** Undefined where nothing is there. Throws what the file system says otherwise (no permission, for example). */
export async function findLogFile(path: string, rotation = ''): Promise<LogFile | undefined> {
  try {
    const { dev, ino, size, mtimeMs } = await stat(path, { bigint: true });
    return { path, rotation, fileId: `${dev}:${ino}`, sizeBytes: Number(size), modifiedMs: Number(mtimeMs) };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Whether this is the file that is still written to. */
export function isLive(file: LogFile): boolean {
  return file.rotation === '';
}

async function lookOnce(path: string): Promise<LogFile[]> {
  const live = await findLogFile(path);
  const rotated = new Map<string, LogFile>();
  for (const stem of await stemsOf(path)) {
    for (const file of await rotatedBeside(stem)) rotated.set(file.fileId, file);
  }
  if (live) rotated.delete(live.fileId);
  return [...oldestFirst([...rotated.values()]), ...(live ? [live] : [])];
}

async function stemsOf(path: string): Promise<string[]> {
  const real = await realpath(path).catch(() => path);
  return real === path ? [path] : [path, real];
}

async function rotatedBeside(stem: string): Promise<LogFile[]> {
  const folder = dirname(stem);
  const suffixes = await suffixesBeside(folder, basename(stem));
  const files: LogFile[] = [];
  for (const suffix of suffixes) {
    const [, rotation, compression] = rotatedSuffix.exec(suffix) ?? [];
    // While a file is being compressed both are there, and only the original is complete.
    if (!rotation || (compression && suffixes.has(rotation))) continue;
    const file = await findLogFile(join(folder, basename(stem) + suffix), rotation);
    if (file) files.push(file);
  }
  return files;
}

async function suffixesBeside(folder: string, name: string): Promise<Set<string>> {
  try {
    const names = await readdir(folder);
    return new Set(names.filter((other) => other.startsWith(name)).map((other) => other.slice(name.length)));
  } catch (error) {
    // A folder that may be searched but not listed still lets its live file be read.
    if (isMissing(error) || faultCode(error) === 'EACCES') return new Set();
    throw error;
  }
}

/** Dates grow and numbers shrink towards the present; where a folder mixes the two, the time of writing decides. */
function oldestFirst(files: readonly LogFile[]): LogFile[] {
  const isDated = files.map((file) => dateSuffix.test(file.rotation));
  if (isDated.every(Boolean)) return files.toSorted((a, b) => compareText(a.rotation, b.rotation));
  if (!isDated.some(Boolean))
    return files.toSorted((a, b) => Number(b.rotation.slice(1)) - Number(a.rotation.slice(1)));
  return files.toSorted((a, b) => a.modifiedMs - b.modifiedMs);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function namesAndIds(files: readonly LogFile[]): string {
  return files.map((file) => `${file.fileId} ${file.path}`).join('\n');
}
