/**
 * What a Cowrie file system pickle is made of. Nothing else is read: a pickle can name classes and call them, and a
 * reader that knows no such instruction cannot be made to.
 */
export type PickleValue = null | string | number | Uint8Array | PickleValue[];

export interface PickleBounds {
  /** Values in the whole tree, lists included. */
  readonly valuesMax: number;
  /** Lists inside lists. */
  readonly depthMax: number;
}

/** Cowrie's own file has 28,966 nodes of ten values, 13 lists deep. */
export const pickleBounds: PickleBounds = { valuesMax: 4_000_000, depthMax: 200 };

export class PickleError extends Error {
  override readonly name = 'PickleError';
}

/**
 * Reads protocols 2 to 5, as far as Cowrie's trees use them. Throws PickleError with the offset for anything else.
 * A list that is referred to twice is the same array twice.
 */
export function readPickle(bytes: Uint8Array, bounds: PickleBounds = pickleBounds): PickleValue {
  const source = new ByteReader(bytes);
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo: PickleValue[] = [];
  let values = 0;

  function push(value: PickleValue): void {
    if (++values > bounds.valuesMax) throw new PickleError(`more than ${bounds.valuesMax} values`);
    stack.push(value);
  }

  function remember(index: number): void {
    if (index > values) throw new PickleError(`memo ${index} is out of order at ${source.offset}`);
    memo[index] = top();
  }

  function recall(index: number): void {
    const value = memo[index];
    if (value === undefined) throw new PickleError(`memo ${index} is empty at ${source.offset}`);
    push(value);
  }

  function top(): PickleValue {
    const value = stack.at(-1);
    if (value === undefined) throw new PickleError(`nothing on the stack at ${source.offset}`);
    return value;
  }

  function topList(): PickleValue[] {
    const value = top();
    if (!Array.isArray(value)) throw new PickleError(`a list was expected at ${source.offset}`);
    return value;
  }

  function appendFromMark(): void {
    const mark = marks.pop();
    if (mark === undefined || mark > stack.length) throw new PickleError(`no mark at ${source.offset}`);
    const items = stack.splice(mark);
    const list = topList();
    for (const item of items) list.push(item);
  }

  function appendOne(): void {
    const item = top();
    stack.pop();
    topList().push(item);
  }

  for (;;) {
    const code = source.u8();
    switch (code) {
      case opcode.proto:
        source.skip(1);
        break;
      case opcode.frame:
        source.skip(8);
        break;
      case opcode.emptyList:
        push([]);
        break;
      case opcode.mark:
        marks.push(stack.length);
        break;
      case opcode.append:
        appendOne();
        break;
      case opcode.appends:
        appendFromMark();
        break;
      case opcode.none:
        push(null);
        break;
      case opcode.binInt1:
        push(source.u8());
        break;
      case opcode.binInt2:
        push(source.u16());
        break;
      case opcode.binInt:
        push(source.i32());
        break;
      case opcode.long1:
        push(source.long(source.u8()));
        break;
      case opcode.binFloat:
        push(source.f64());
        break;
      case opcode.shortUnicode:
        push(source.text(source.u8()));
        break;
      case opcode.unicode:
        push(source.text(source.u32()));
        break;
      case opcode.shortBytes:
        push(source.bytes(source.u8()));
        break;
      case opcode.bytes:
        push(source.bytes(source.u32()));
        break;
      case opcode.memoize:
        remember(memo.length);
        break;
      case opcode.binPut:
        remember(source.u8());
        break;
      case opcode.longBinPut:
        remember(source.u32());
        break;
      case opcode.binGet:
        recall(source.u8());
        break;
      case opcode.longBinGet:
        recall(source.u32());
        break;
      case opcode.stop:
        if (stack.length !== 1) throw new PickleError(`${stack.length} values are left at the end, one was expected`);
        return top();
      default:
        throw new PickleError(`instruction 0x${code.toString(16)} at ${source.offset - 1} is not one of a file system`);
    }
  }
}

/** Writes protocol 4, which Python 3.4 and later read. Throws PickleError where the tree is over the bounds. */
export function writePickle(value: PickleValue, bounds: PickleBounds = pickleBounds): Buffer {
  const parts: Uint8Array[] = [Buffer.from([opcode.proto, 4])];
  let values = 0;

  function write(item: PickleValue, depth: number): void {
    if (++values > bounds.valuesMax) throw new PickleError(`more than ${bounds.valuesMax} values`);
    if (depth > bounds.depthMax) throw new PickleError(`lists more than ${bounds.depthMax} deep`);
    if (!Array.isArray(item)) return void parts.push(...scalar(item));
    parts.push(emptyList);
    if (item.length === 0) return;
    parts.push(mark);
    for (const child of item) write(child, depth + 1);
    parts.push(appends);
  }

  write(value, 0);
  parts.push(Buffer.from([opcode.stop]));
  return Buffer.concat(parts);
}

function scalar(item: Exclude<PickleValue, PickleValue[]>): Uint8Array[] {
  if (item === null) return [Buffer.from([opcode.none])];
  if (typeof item === 'number') return [numberOf(item)];
  if (typeof item === 'string') return sized(opcode.unicode, Buffer.from(item, 'utf8'));
  return sized(opcode.bytes, item);
}

function numberOf(value: number): Buffer {
  if (Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31) {
    const out = Buffer.alloc(5);
    out[0] = opcode.binInt;
    out.writeInt32LE(value, 1);
    return out;
  }
  if (Number.isSafeInteger(value)) {
    const out = Buffer.alloc(10);
    out[0] = opcode.long1;
    out[1] = 8;
    out.writeBigInt64LE(BigInt(value), 2);
    return out;
  }
  const out = Buffer.alloc(9);
  out[0] = opcode.binFloat;
  out.writeDoubleBE(value, 1);
  return out;
}

function sized(code: number, content: Uint8Array): Uint8Array[] {
  const head = Buffer.alloc(5);
  head[0] = code;
  head.writeUInt32LE(content.length, 1);
  return [head, content];
}

class ByteReader {
  offset = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  skip(count: number): number {
    const start = this.offset;
    if (start + count > this.#bytes.length) throw new PickleError(`the file ends at ${this.#bytes.length}, in a value`);
    this.offset += count;
    return start;
  }

  u8(): number {
    return this.#bytes.readUInt8(this.skip(1));
  }
  u16(): number {
    return this.#bytes.readUInt16LE(this.skip(2));
  }
  u32(): number {
    return this.#bytes.readUInt32LE(this.skip(4));
  }
  i32(): number {
    return this.#bytes.readInt32LE(this.skip(4));
  }
  f64(): number {
    return this.#bytes.readDoubleBE(this.skip(8));
  }

  /** Little-endian two's complement of `count` bytes; a whole number too large for a double is refused, not rounded. */
  long(count: number): number {
    const start = this.skip(count);
    let value = 0n;
    for (let index = count - 1; index >= 0; index--)
      value = (value << 8n) | BigInt(this.#bytes.readUInt8(start + index));
    const signed = BigInt.asIntN(count * 8, value);
    const number = Number(signed);
    if (count > 0 && !Number.isSafeInteger(number)) throw new PickleError(`a whole number at ${start} is too large`);
    return number;
  }

  text(count: number): string {
    const start = this.skip(count);
    return this.#bytes.toString('utf8', start, start + count);
  }

  bytes(count: number): Buffer {
    const start = this.skip(count);
    return Buffer.from(this.#bytes.subarray(start, start + count));
  }
}

const opcode = {
  mark: 0x28,
  stop: 0x2e,
  bytes: 0x42,
  shortBytes: 0x43,
  binFloat: 0x47,
  binInt: 0x4a,
  binInt1: 0x4b,
  binInt2: 0x4d,
  none: 0x4e,
  unicode: 0x58,
  emptyList: 0x5d,
  append: 0x61,
  appends: 0x65,
  binGet: 0x68,
  longBinGet: 0x6a,
  binPut: 0x71,
  longBinPut: 0x72,
  proto: 0x80,
  long1: 0x8a,
  shortUnicode: 0x8c,
  memoize: 0x94,
  frame: 0x95,
} as const;

const emptyList = Buffer.from([opcode.emptyList]);
const mark = Buffer.from([opcode.mark]);
const appends = Buffer.from([opcode.appends]);
