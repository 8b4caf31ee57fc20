import { createReadStream } from 'node:fs';
import { lstat, mkdir, open, readdir } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { pieceBytesMax } from '../../kit/sealed-pieces.ts';

/** The embedded server's own (its rows are copied), what is made again by itself, and what only tells of a running process. */
const leftOutFolder = /^(?:postgres|cache|logs|models|decoys\/.*\/cache)$/;
const leftOutFile = /^(?:postgres\.(?:json|lock)|postgres-place|.*\.(?:sock|pid|lock))$/;

/** The files of a state folder that a backup keeps, as paths below it, in no order. Links are not followed. */
export async function* listStateFiles(stateDir: string, below = ''): AsyncGenerator<string> {
  for (const entry of await readdir(join(stateDir, below), { withFileTypes: true }).catch(() => [])) {
    const path = join(below, entry.name);
    if (entry.isDirectory() && !leftOutFolder.test(path)) yield* listStateFiles(stateDir, path);
    if (entry.isFile() && !leftOutFile.test(entry.name)) yield path;
  }
}

/**
 * A file in pieces, as long as it was when it was looked at: one that grows meanwhile is kept up to there. Of an empty file
 * comes one empty piece; of one that is gone by now nothing.
 */
export async function* readInPieces(path: string): AsyncGenerator<Buffer> {
  const found = await lstat(path).catch(() => undefined);
  if (!found) return;
  if (found.size === 0) return yield Buffer.alloc(0);
  const stream = createReadStream(path, { end: found.size - 1, highWaterMark: pieceBytesMax });
  try {
    for await (const bytes of stream) yield bytes;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/** Appends to a file below `stateDir`, made for its owner only with its folders. @throws where the path leads out */
export async function appendStateFile(stateDir: string, path: string, bytes: Buffer): Promise<void> {
  const inside = normalize(path);
  if (inside.startsWith('..') || inside.startsWith(sep)) throw new Error(`${path} leads out of the state folder`);
  const target = join(stateDir, inside);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const file = await open(target, 'a', 0o600);
  try {
    await file.appendFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
