import { setImmediate } from 'node:timers/promises';
import { type BlockReading, readBlock } from './bzip2-block.ts';

/** A block of 900 KB is about this much at most; more is read where one needs it. */
const AHEAD_BYTES = 1024 * 1024;

/**
 * Uncompresses all streams of a bzip2 file, a block at a time: about 20 MB of memory, unless a block of long runs
 * expands to more (at most 46 MB). Each block is given only after its checksum was right. Throws at the first damage,
 * after everything before it. Bytes after the last stream are ignored, as bzip2 itself does.
 */
export async function* bunzip2(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const ahead = createLookahead(input);
  while (await ahead.has(4)) {
    const header = ahead.bytes();
    const level = (header[3] ?? 0) - 0x30;
    const isStream = header.toString('latin1', 0, 3) === 'BZh' && level >= 1 && level <= 9;
    if (!isStream) return;
    yield* stream(ahead, level * 100_000);
  }
}

async function* stream(ahead: Lookahead, blockBytesMax: number): AsyncGenerator<Buffer> {
  let sum = 0;
  for (let bit = 32; ; ) {
    // A block takes 30 to 40 ms; without this the blocks whose bytes are at hand would follow without a pause.
    await setImmediate();
    const block = await wholeBlock(ahead, bit, blockBytesMax);
    if (block.kind === 'end') {
      if (block.checksum !== sum >>> 0) throw new Error('the checksum of a bzip2 stream is wrong');
      ahead.drop(Math.ceil(block.endBit / 8));
      return;
    }
    sum = ((sum << 1) | (sum >>> 31)) ^ block.checksum;
    yield* block.chunks;
    ahead.drop(block.endBit >> 3);
    bit = block.endBit & 7;
  }
}

async function wholeBlock(
  ahead: Lookahead,
  bit: number,
  blockBytesMax: number,
): Promise<BlockReading & { kind: 'block' | 'end' }> {
  for (let wanted = AHEAD_BYTES; ; wanted *= 2) {
    const isMore = await ahead.has(wanted);
    const block = readBlock(ahead.bytes(), bit, blockBytesMax);
    if (block.kind !== 'short') return block;
    if (!isMore) throw new Error('the bzip2 file ends in the middle of a block');
  }
}

interface Lookahead {
  /** Reads until so many bytes are there; false if the input has fewer. */
  has(count: number): Promise<boolean>;
  bytes(): Buffer;
  drop(count: number): void;
}

function createLookahead(input: AsyncIterable<Buffer>): Lookahead {
  const chunks = input[Symbol.asyncIterator]();
  let bytes: Buffer = Buffer.alloc(0);
  return { has, bytes: () => bytes, drop };

  async function has(count: number): Promise<boolean> {
    const pieces = [bytes];
    let have = bytes.length;
    while (have < count) {
      const { done, value } = await chunks.next();
      if (done) break;
      pieces.push(value);
      have += value.length;
    }
    if (pieces.length > 1) bytes = Buffer.concat(pieces);
    return have >= count;
  }

  function drop(count: number): void {
    bytes = bytes.subarray(count);
  }
}
