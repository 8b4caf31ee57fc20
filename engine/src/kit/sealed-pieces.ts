import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { constants, gunzip, gzip } from 'node:zlib';
import { openSealedBytes, sealBytes } from './seal-bytes.ts';

/** A part of something named; a long thing comes as several pieces one after the other. */
export interface Piece {
  readonly name: string;
  readonly bytes: Buffer;
}

/** What `pieces` ends with where the file is not what was written. */
export class DamagedPieces extends Error {}

const magic = Buffer.from('CERBERUSMESH BACKUP 1\n');
const nameBytesMax = 4096;
const headBytesMax = 1024 * 1024;
export const pieceBytesMax = 2 * 1024 * 1024;
/** A frame's length comes from the file: this bounds what a hostile one makes us hold. */
const frameBytesMax = pieceBytesMax + nameBytesMax + 64 * 1024;
const keyNumber = 1;

/**
 * A file of compressed and sealed pieces behind a head in clear:
 *
 *     "CERBERUSMESH BACKUP 1\n" · length, head · (length, AES-256-GCM(gzip(name length, name, bytes)))*
 *
 * Lengths are 32 bits, big-endian. Each piece is bound to the head and to its number, so none can be altered, moved, left out
 * or taken from another file; that the last one is there is for the caller to tell by its name.
 */
export function createPieceWriter(file: FileHandle, key: Uint8Array, head: Buffer) {
  const bound = hash('sha256', head);
  let number = 0;
  return {
    begin: async () => await file.appendFile(Buffer.concat([magic, lengthOf(head), head])),

    async write({ name, bytes }: Piece): Promise<void> {
      const named = Buffer.from(name);
      const packed = await compress(Buffer.concat([lengthOf(named), named, bytes]), { level: constants.Z_BEST_SPEED });
      const sealed = sealBytes(key, keyNumber, packed, `${bound} ${number}`);
      number += 1;
      await file.appendFile(Buffer.concat([lengthOf(sealed), sealed]));
    },
  };
}

/** The head of a file of pieces, which nothing vouches for before a piece was opened. @throws DamagedPieces */
export async function readHead(file: FileHandle): Promise<Buffer> {
  const start = await readExactly(file, 0, magic.length + 4);
  if (!start?.subarray(0, magic.length).equals(magic)) throw new DamagedPieces('it does not begin as a backup does');
  const length = start.readUInt32BE(magic.length);
  const head = length <= headBytesMax ? await readExactly(file, start.length, length) : undefined;
  if (!head) throw new DamagedPieces('its head is cut off');
  return head;
}

/** The pieces in order. @throws DamagedPieces at the first that does not open */
export async function* readPieces(file: FileHandle, key: Uint8Array, head: Buffer): AsyncGenerator<Piece> {
  const bound = hash('sha256', head);
  let place = magic.length + 4 + head.length;
  for (let number = 0; ; number++) {
    const length = await readExactly(file, place, 4);
    if (!length) return;
    const bytes = length.readUInt32BE(0);
    const sealed = bytes <= frameBytesMax ? await readExactly(file, place + 4, bytes) : undefined;
    if (!sealed) throw new DamagedPieces(`it is cut off or altered at byte ${place}`);
    const packed = openSealedBytes((asked) => (asked === keyNumber ? key : undefined), sealed, `${bound} ${number}`);
    if (!packed) throw new DamagedPieces(`it was altered at byte ${place}, or this is not its key`);
    const opened = await inflate(packed, { maxOutputLength: frameBytesMax });
    const nameEnd = 4 + opened.readUInt32BE(0);
    yield { name: opened.toString('utf8', 4, nameEnd), bytes: opened.subarray(nameEnd) };
    place += 4 + bytes;
  }
}

const compress = promisify<Buffer, object, Buffer>(gzip);
const inflate = promisify<Buffer, object, Buffer>(gunzip);

function lengthOf(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
}

/** Undefined where the file ends before. */
async function readExactly(file: FileHandle, place: number, length: number): Promise<Buffer | undefined> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, place + done);
    if (bytesRead === 0) return undefined;
    done += bytesRead;
  }
  return buffer;
}
