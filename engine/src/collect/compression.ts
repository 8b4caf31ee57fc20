import type { FileHandle } from 'node:fs/promises';
import { bunzip2 } from './bunzip2.ts';
import { gunzip } from './gunzip.ts';

export type Compression = 'none' | 'gzip' | 'bzip2';

const PIECE_BYTES = 256 * 1024;

/** By its first bytes, for names lie. */
export async function compressionOf(handle: FileHandle): Promise<Compression> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  const magic = buffer.toString('latin1', 0, bytesRead);
  if (magic.startsWith('\x1f\x8b')) return 'gzip';
  return /^BZh[1-9]$/.test(magic) ? 'bzip2' : 'none';
}

/**
 * The uncompressed bytes of a file from its beginning. `onRead` hears how many bytes of the file were read so far.
 */
export function uncompressed(
  handle: FileHandle,
  compression: Compression,
  onRead: (fileBytes: number) => void = () => {},
): AsyncGenerator<Buffer> {
  const bytes = fileBytes(handle, onRead);
  if (compression === 'gzip') return gunzip(bytes);
  return compression === 'bzip2' ? bunzip2(bytes) : bytes;
}

async function* fileBytes(handle: FileHandle, onRead: (fileBytes: number) => void): AsyncGenerator<Buffer> {
  for (let position = 0; ; ) {
    // A fresh buffer each time: the decoders keep pieces of it while they wait for more.
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(PIECE_BYTES), 0, PIECE_BYTES, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    onRead(position);
    yield buffer.subarray(0, bytesRead);
  }
}
