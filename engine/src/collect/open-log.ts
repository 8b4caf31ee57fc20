import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Compression, compressionOf, uncompressed } from './compression.ts';
import { faultCode, isMissing, notAFile } from './file-faults.ts';
import { type Fingerprint, GUARD_BYTES, guardStart, isSameContent } from './fingerprint.ts';
import { isLive, type LogFile } from './rotated-files.ts';
import { createTrail, type Trail } from './trail.ts';

/** What comes after the place that was read last. A chunk is overwritten by the next read of the same log. */
export type Reading =
  | { readonly kind: 'bytes'; readonly chunk: Buffer }
  | { readonly kind: 'end' }
  /** The bytes before that place are others now: the content was replaced or cut off under the same inode. */
  | { readonly kind: 'changed' }
  /** A compressed file that cannot be inflated any further. */
  | { readonly kind: 'damaged'; readonly why: string };

/** A file of the log under an open handle: it stays readable when it is renamed or deleted. */
export interface OpenLog {
  readonly file: LogFile;
  readonly trail: Trail;
  /** Does not move the trail: its owner does, once it has taken the bytes. Until then it reads the same again. */
  read(): Promise<Reading>;
  modifiedMs(): Promise<number>;
  /** Bytes of the file on disk that were needed for this; fewer than the trail's where it is compressed. */
  fileBytes(): number;
  close(): Promise<void>;
}

/** At its beginning. Undefined when the name leads to another file by now: then look again. */
export async function openLog(file: LogFile, chunkBytes: number): Promise<OpenLog | undefined> {
  const handle = await openHandle(file);
  if (!handle) return undefined;
  return closeOnThrow(handle, async () => {
    const compression = isLive(file) ? 'none' : await compressionOf(handle);
    if (compression === 'none') return plainLog(file, handle, createTrail(0, empty, empty), chunkBytes);
    return streamedLog(file, handle, createTrail(0, empty, empty), inflating(handle, compression));
  });
}

/** At the fingerprint's place, provided the file holds that content. `moved`: the name leads to another file by now. */
export async function openLogAt(
  file: LogFile,
  at: Fingerprint,
  chunkBytes: number,
): Promise<OpenLog | 'other content' | 'moved'> {
  const handle = await openHandle(file);
  if (!handle) return 'moved';
  const log = await closeOnThrow(handle, async () => {
    const compression = isLive(file) ? 'none' : await compressionOf(handle);
    if (compression !== 'none') return await skipTo(file, handle, at, inflating(handle, compression));
    const head = await readAt(handle, 0, at.head.bytes);
    const guard = await readAt(handle, guardStart(at), at.guard.bytes);
    return isSameContent(at, head, guard)
      ? plainLog(file, handle, createTrail(at.offset, head, guard), chunkBytes)
      : undefined;
  });
  if (log) return log;
  await handle.close();
  return 'other content';
}

const empty = Buffer.alloc(0);

async function openHandle(file: LogFile): Promise<FileHandle | undefined> {
  try {
    // Non-blocking, because opening a pipe that somebody put in the log's place would wait for a writer for ever.
    const handle = await open(file.path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await closeOnThrow(handle, () => handle.stat({ bigint: true }));
    if (file.fileId === `${found.dev}:${found.ino}`) {
      if (found.isFile()) return handle;
      await handle.close();
      throw notAFile(found.isDirectory());
    }
    await handle.close();
    return undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function plainLog(file: LogFile, handle: FileHandle, trail: Trail, chunkBytes: number): OpenLog {
  const buffer = Buffer.allocUnsafeSlow(chunkBytes + GUARD_BYTES);
  return {
    file,
    trail,
    read,
    modifiedMs: () => modifiedMs(handle),
    fileBytes: () => trail.readOffset(),
    close: () => handle.close(),
  };

  /** Reads the guard along with what follows it, so that both are of the same moment. */
  async function read(): Promise<Reading> {
    const guard = trail.guard();
    const from = trail.readOffset() - guard.length;
    const { bytesRead } = await handle.read(buffer, 0, guard.length + chunkBytes, from);
    if (!buffer.subarray(0, Math.min(bytesRead, guard.length)).equals(guard)) return { kind: 'changed' };
    if (bytesRead === guard.length) return { kind: 'end' };
    return { kind: 'bytes', chunk: buffer.subarray(guard.length, bytesRead) };
  }
}

/** `first` is what was inflated beyond the trail's place while skipping to it. */
function streamedLog(file: LogFile, handle: FileHandle, trail: Trail, source: Inflating, first = empty): OpenLog {
  let held: { readonly offset: number; readonly chunk: Buffer } = { offset: trail.readOffset(), chunk: first };
  return { file, trail, read, modifiedMs: () => modifiedMs(handle), fileBytes: source.fileBytes, close };

  async function read(): Promise<Reading> {
    // Asked again without having been taken: a stream cannot be read twice, so the chunk is held until then.
    if (held.offset === trail.readOffset() && held.chunk.length > 0) return { kind: 'bytes', chunk: held.chunk };
    try {
      const { done, value } = await source.bytes.next();
      if (done) return { kind: 'end' };
      held = { offset: trail.readOffset(), chunk: value };
      return { kind: 'bytes', chunk: value };
    } catch (error) {
      // The file system's own faults are the caller's; what is left is the decoder's word on the content.
      if (isFileFault(error)) throw error;
      return { kind: 'damaged', why: error instanceof Error ? error.message : String(error) };
    }
  }

  async function close(): Promise<void> {
    await source.bytes.return(undefined);
    await handle.close();
  }
}

interface Inflating {
  readonly bytes: AsyncGenerator<Buffer>;
  fileBytes(): number;
}

function inflating(handle: FileHandle, compression: Compression): Inflating {
  let taken = 0;
  const bytes = uncompressed(handle, compression, (fileBytes) => {
    taken = fileBytes;
  });
  return { bytes, fileBytes: () => taken };
}

async function skipTo(
  file: LogFile,
  handle: FileHandle,
  at: Fingerprint,
  source: Inflating,
): Promise<OpenLog | undefined> {
  const trail = createTrail(0, empty, empty);
  try {
    for (;;) {
      const { done, value } = await source.bytes.next();
      if (done) break;
      const wanted = value.subarray(0, at.offset - trail.readOffset());
      trail.advance(wanted, 0);
      if (trail.readOffset() < at.offset) continue;
      const reached = trail.fingerprint();
      if (reached?.head.sha256 !== at.head.sha256 || reached.guard.sha256 !== at.guard.sha256) break;
      return streamedLog(file, handle, trail, source, Buffer.from(value.subarray(wanted.length)));
    }
  } catch (error) {
    if (isFileFault(error)) throw error;
  }
  await source.bytes.return(undefined);
  return undefined;
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function modifiedMs(handle: FileHandle): Promise<number> {
  return (await handle.stat()).mtimeMs;
}

function isFileFault(error: unknown): boolean {
  return faultCode(error) !== undefined;
}

async function closeOnThrow<T>(handle: FileHandle, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await handle.close();
    throw error;
  }
}
