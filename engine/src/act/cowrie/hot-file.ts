import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf } from '../../kit/reason-of.ts';

/** Marks the half-written files of a process that was killed; Cowrie never shows them, because no pickle names them. */
export const temporaryPrefix = '.cerberus-';

export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Replaces a file so that a reader sees the old bytes or the new ones, and never none: Cowrie opens these files at any
 * time, and a missing one hangs the visitor's `cat`. Owner and mode stay those of the file that was there.
 */
export async function replaceFile(
  path: string,
  content: Uint8Array,
  fallback?: Owner & { mode: number },
): Promise<void> {
  const before = await stat(path).catch(() => undefined);
  const temporary = join(dirname(path), `${temporaryPrefix}${randomBytes(6).toString('hex')}`);
  try {
    const handle = await open(temporary, 'wx', 0o600);
    await writeDurably(handle, content, before ?? fallback);
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Error(`${path} could not be written: ${reasonOf(cause)}.`, { cause });
  }
}

/** In hexadecimal, as plans and manifests keep it. */
export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

async function writeDurably(handle: FileHandle, content: Uint8Array, like?: Owner & { mode: number }): Promise<void> {
  try {
    await handle.writeFile(content);
    await handle.chmod(like ? like.mode & 0o7777 : 0o644);
    // Only root may give a file away; anybody else already is its owner.
    if (like && process.getuid?.() === 0) await handle.chown(like.uid, like.gid);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A rename is durable once its folder is; without this a power cut could bring the old file back after it was recorded. */
async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
