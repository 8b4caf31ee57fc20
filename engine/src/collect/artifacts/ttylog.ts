import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** One record of a terminal log that Cowrie wrote. */
export interface TtyRecord {
  readonly kind: 'open' | 'close' | 'input' | 'output' | 'exec';
  /** Seconds since 1970, with microseconds. */
  readonly at: number;
  readonly bytes: Buffer;
}

// Little endian: op i32, tty u32, length i32, direction i32, seconds u32, microseconds u32; then `length` bytes.
const headerBytes = 24;
const recordsInOneGo = 5_000;
const OPEN = 1;
const CLOSE = 2;
const WRITE = 3;
const directions = new Map<number, TtyRecord['kind']>([
  [1, 'input'],
  [2, 'output'],
  [3, 'exec'],
]);

/** The records up to the end or to the first that is damaged: a honeypot that crashed leaves half a record. */
export function* readTtyLog(bytes: Buffer): Generator<TtyRecord> {
  for (let at = 0; at + headerBytes <= bytes.length; ) {
    const length = bytes.readInt32LE(at + 8);
    const start = at + headerBytes;
    if (length < 0 || start + length > bytes.length) return;
    const kind = kindOf(bytes.readInt32LE(at), bytes.readInt32LE(at + 12));
    const seconds = bytes.readUInt32LE(at + 16) + bytes.readUInt32LE(at + 20) / 1e6;
    if (kind === undefined) return;
    yield { kind, at: seconds, bytes: bytes.subarray(start, start + length) };
    at = start + length;
  }
}

/** What Cowrie names a terminal log by: a hash over what was typed or given as a command, and not over the output. */
export async function typedHash(bytes: Buffer): Promise<string> {
  const hash = createHash('sha256');
  let records = 0;
  for (const record of readTtyLog(bytes)) {
    if (record.kind === 'input' || record.kind === 'exec') hash.update(record.bytes);
    // A log of 16 MiB may hold half a million records of one byte.
    if (++records % recordsInOneGo === 0) await setImmediate();
  }
  return hash.digest('hex');
}

function kindOf(op: number, direction: number): TtyRecord['kind'] | undefined {
  if (op === OPEN) return 'open';
  if (op === CLOSE) return 'close';
  return op === WRITE ? directions.get(direction) : undefined;
}
