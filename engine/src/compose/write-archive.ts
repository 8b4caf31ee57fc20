import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { ArchiveFile, ArchiveStore, DetachedMonth } from '../store/archives.ts';

const lineFeed = 10;

/**
 * Writes a month into `events-2026-10-<archive>.ndjson.gz`, which is there only as a whole, is on the disk, and was read
 * again: what it holds is about to be removed from the database.
 * @throws CerberusError ARCHIVE_FAILED where the file does not hold what was written; Node's errors where it cannot be.
 */
export async function writeArchive(store: ArchiveStore, dir: string, month: DetachedMonth): Promise<ArchiveFile> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, `events-${month.month}-${month.id.slice(0, 8)}.ndjson.gz`);
  const part = `${file}.part`;
  try {
    await store.readOut(month, async (lines) => {
      await pipeline(lines, createGzip(), createWriteStream(part, { mode: 0o600, flush: true }));
    });
    const events = await store.countDetached(month);
    const found = await readAgain(part);
    if (found.lines !== events) {
      throw new CerberusError(
        'ARCHIVE_FAILED',
        `Expected ${events} events in ${part}, found ${found.lines}; the events stay in the database. Look at that disk.`,
      );
    }
    await rename(part, file);
    await flushFolder(dir);
    return { file, events, bytes: found.bytes, sha256: found.sha256 };
  } catch (error) {
    // A disk that is full gets its room back.
    await rm(part, { force: true });
    throw error;
  }
}

async function readAgain(file: string): Promise<{ lines: number; bytes: number; sha256: Buffer }> {
  const hash = createHash('sha256');
  const found = { lines: 0, bytes: 0 };
  await pipeline(
    createReadStream(file),
    async function* measured(chunks: Readable) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        found.bytes += chunk.length;
        yield chunk;
      }
    },
    createGunzip(),
    async (text: AsyncIterable<Buffer>) => {
      for await (const chunk of text) {
        for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) found.lines++;
      }
    },
  );
  return { ...found, sha256: hash.digest() };
}

/** A new name is durable only with its folder. */
async function flushFolder(dir: string): Promise<void> {
  const folder = await open(dir);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
