import { type Fingerprint, fingerprintAt, GUARD_BYTES, HEAD_BYTES } from './fingerprint.ts';

/** What is remembered of the bytes read from one content: enough to know it again, in memory and after a restart. */
export interface Trail {
  /** Read up to here, half a line included. */
  readOffset(): number;
  /** The last bytes before `readOffset`, at most GUARD_BYTES. */
  guard(): Buffer;
  /** Lines are given out up to here. */
  settledOffset(): number;
  /** Of the settled place; undefined while no line was given out. */
  fingerprint(): Fingerprint | undefined;
  /** `pendingBytes` at the end of what was read belong to no line yet. */
  advance(chunk: Buffer, pendingBytes: number): void;
  /** The rest went out, or was taken along to the next file. */
  settleAll(): void;
}

/** `head` and `guard` are the bytes that stand in the content before `offset`. */
export function createTrail(offset: number, headBytes: Buffer, guardBytes: Buffer): Trail {
  let head = headBytes;
  let read = { offset, guard: guardBytes };
  let settled = read;

  return { readOffset, guard, settledOffset, fingerprint, advance, settleAll };

  function readOffset(): number {
    return read.offset;
  }

  function guard(): Buffer {
    return read.guard;
  }

  function settledOffset(): number {
    return settled.offset;
  }

  function fingerprint(): Fingerprint | undefined {
    return fingerprintAt(settled.offset, head, settled.guard);
  }

  function advance(chunk: Buffer, pendingBytes: number): void {
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk.subarray(0, HEAD_BYTES - head.length)]);
    const settledInChunk = chunk.length - pendingBytes;
    if (settledInChunk > 0) {
      const given = chunk.subarray(0, settledInChunk);
      settled = { offset: read.offset + settledInChunk, guard: lastBytes(read.guard, given) };
    }
    read = { offset: read.offset + chunk.length, guard: lastBytes(read.guard, chunk) };
  }

  function settleAll(): void {
    settled = read;
  }
}

function lastBytes(before: Buffer, chunk: Buffer): Buffer {
  if (chunk.length >= GUARD_BYTES) return Buffer.from(chunk.subarray(-GUARD_BYTES));
  return Buffer.concat([before, chunk]).subarray(-GUARD_BYTES);
}
