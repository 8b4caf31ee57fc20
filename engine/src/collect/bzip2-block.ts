import { type BitReader, createBitReader, ShortOfBits } from './bzip2-bits.ts';
import { type CodeTable, readCodeTable, readSymbol } from './bzip2-codes.ts';
import { expandRuns } from './bzip2-runs.ts';

/** One block, the end of the stream, or a need for more bytes. */
export type BlockReading =
  | { readonly kind: 'block'; readonly chunks: readonly Buffer[]; readonly checksum: number; readonly endBit: number }
  | { readonly kind: 'end'; readonly checksum: number; readonly endBit: number }
  | { readonly kind: 'short' };

const GROUP_SYMBOLS = 50;

/** Reads what begins at `startBit`. Throws where the bytes cannot be bzip2, or the block's checksum is wrong. */
export function readBlock(bytes: Buffer, startBit: number, blockBytesMax: number): BlockReading {
  const bits = createBitReader(bytes, startBit);
  try {
    const magic = `${bits.take(24).toString(16)} ${bits.take(24).toString(16)}`;
    const checksum = ((bits.take(16) << 16) | bits.take(16)) >>> 0;
    if (magic === '177245 385090') return { kind: 'end', checksum, endBit: bits.position() };
    if (magic !== '314159 265359') throw new Error('a bzip2 block does not begin as one');
    const chunks = readContent(bits, blockBytesMax, checksum);
    return { kind: 'block', chunks, checksum, endBit: bits.position() };
  } catch (error) {
    if (error instanceof ShortOfBits) return { kind: 'short' };
    throw error;
  }
}

function readContent(bits: BitReader, blockBytesMax: number, checksum: number): Buffer[] {
  if (bits.take(1) === 1) throw new Error('a bzip2 block of the randomised kind, which no bzip2 since 1997 writes');
  const origin = bits.take(24);
  const alphabet = readAlphabet(bits);
  const tableCount = bits.take(3);
  const selectors = readSelectors(bits, bits.take(15), tableCount);
  const tables = Array.from({ length: tableCount }, () => readCodeTable(bits, alphabet.length + 2));
  const chain = new Uint32Array(blockBytesMax);
  const length = readBytes(bits, tables, selectors, alphabet, chain);
  if (origin >= length) throw new Error('a bzip2 block begins behind its end');
  linkInOrder(chain, length);
  const { chunks, checksum: found } = expandRuns(chain, length, (chain[origin] ?? 0) >>> 8);
  if (found !== checksum) throw new Error('the checksum of a bzip2 block is wrong');
  return chunks;
}

/** The byte values that occur, in order. */
function readAlphabet(bits: BitReader): number[] {
  const ranges = bits.take(16);
  const alphabet: number[] = [];
  for (let range = 0; range < 16; range++) {
    if (((ranges << range) & 0x8000) === 0) continue;
    const used = bits.take(16);
    for (let low = 0; low < 16; low++) if (((used << low) & 0x8000) !== 0) alphabet.push(range * 16 + low);
  }
  if (alphabet.length === 0) throw new Error('a bzip2 block uses no byte value');
  return alphabet;
}

/** Which table each group of symbols uses, kept as places in a list whose used entry moves to the front. */
function readSelectors(bits: BitReader, count: number, tableCount: number): Uint8Array {
  if (tableCount < 2 || tableCount > 6 || count === 0) throw new Error('a bzip2 block has no usable code tables');
  const recent = [0, 1, 2, 3, 4, 5];
  return Uint8Array.from({ length: count }, () => {
    let place = 0;
    while (bits.take(1) === 1) place++;
    if (place >= tableCount) throw new Error('a bzip2 block names a code table that it does not have');
    const [table = 0] = recent.splice(place, 1);
    recent.unshift(table);
    return table;
  });
}

/** Undoes the codes, the zero runs and move-to-front. Gives the length of the block and leaves its bytes in `chain`. */
function readBytes(
  bits: BitReader,
  tables: readonly CodeTable[],
  selectors: Uint8Array,
  alphabet: readonly number[],
  chain: Uint32Array,
): number {
  const recent = Uint8Array.from(alphabet);
  const endOfBlock = alphabet.length + 1;
  let length = 0;
  let runBytes = 0;
  let runWeight = 1;
  for (const selector of selectors) {
    const table = tables[selector];
    if (!table) break;
    for (let left = GROUP_SYMBOLS; left > 0; left--) {
      const symbol = readSymbol(bits, table);
      if (symbol < 2) {
        runBytes += runWeight << symbol;
        runWeight <<= 1;
        if (length + runBytes > chain.length || runWeight > chain.length * 2) throw tooLong();
        continue;
      }
      if (runBytes > 0) {
        chain.fill(recent[0] ?? 0, length, length + runBytes);
        length += runBytes;
        runBytes = 0;
        runWeight = 1;
      }
      if (symbol === endOfBlock) return length;
      if (length === chain.length) throw tooLong();
      chain[length++] = moveToFront(recent, symbol - 1);
    }
  }
  throw new Error('a bzip2 block has no end');
}

function moveToFront(recent: Uint8Array, place: number): number {
  const byte = recent[place] ?? 0;
  recent.copyWithin(1, 0, place);
  recent[0] = byte;
  return byte;
}

/** Puts above each sorted position's byte where its successor stands (undoes Burrows-Wheeler). */
function linkInOrder(chain: Uint32Array, length: number): void {
  const starts = new Uint32Array(257);
  for (let at = 0; at < length; at++) {
    const next = ((chain[at] ?? 0) & 0xff) + 1;
    starts[next] = (starts[next] ?? 0) + 1;
  }
  for (let byte = 1; byte < 257; byte++) starts[byte] = (starts[byte] ?? 0) + (starts[byte - 1] ?? 0);
  for (let at = 0; at < length; at++) {
    const byte = (chain[at] ?? 0) & 0xff;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    chain[place] = (chain[place] ?? 0) | (at << 8);
  }
}

function tooLong(): Error {
  return new Error('a bzip2 block is longer than its header allows');
}
