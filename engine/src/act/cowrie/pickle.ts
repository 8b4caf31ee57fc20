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
const pickleBounds: PickleBounds = { valuesMax: 4_000_000, depthMax: 200 };

class PickleError extends Error {
  override readonly name = 'PickleError';
}

/**
 * Reads protocols 2 to 5, as far as Cowrie's trees use them. Throws PickleError with the offset for anything else.
 * A list that is referred to twice is the same array twice.
 */
export function readPickle(bytes: Uint8Array, bounds: PickleBounds = pickleBounds): PickleValue {
  const machine = createMachine(new ByteReader(bytes), bounds);
  for (;;) {
    const code = machine.source.u8();
    if (code === opcode.stop) return machine.result();
    const instruction = instructions.get(code);
    if (!instruction) {
      const at = machine.source.offset - 1;
      throw new PickleError(`instruction 0x${code.toString(16)} at ${at} is not one of a file system`);
    }
    instruction(machine);
  }
}

type Machine = ReturnType<typeof createMachine>;

/** A pickle is a program for a stack: values are pushed, and lists take what lies above their mark. */
function createMachine(source: ByteReader, bounds: PickleBounds) {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  let values = 0;

  function push(value: PickleValue): void {
    if (++values > bounds.valuesMax) throw new PickleError(`more than ${bounds.valuesMax} values`);
    stack.push(value);
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

  return {
    source,
    push,
    mark: () => void marks.push(stack.length),
    remember: (index: number) => void memo.set(index, top()),
    rememberNext: () => void memo.set(memo.size, top()),
    recall(index: number): void {
      const value = memo.get(index);
      if (value === undefined) throw new PickleError(`memo ${index} is empty at ${source.offset}`);
      push(value);
    },
    append(): void {
      const item = top();
      stack.pop();
      topList().push(item);
    },
    appendFromMark(): void {
      const mark = marks.pop();
      if (mark === undefined || mark > stack.length) throw new PickleError(`no mark at ${source.offset}`);
      const items = stack.splice(mark);
      const list = topList();
      for (const item of items) list.push(item);
    },
    result(): PickleValue {
      if (stack.length !== 1) throw new PickleError(`${stack.length} values are left at the end, one was expected`);
      return top();
    },
  };
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

const instructions: ReadonlyMap<number, (machine: Machine) => void> = new Map([
  [opcode.proto, ({ source }) => void source.skip(1)],
  [opcode.frame, ({ source }) => void source.skip(8)],
  [opcode.mark, ({ mark }) => mark()],
  [opcode.emptyList, ({ push }) => push([])],
  [opcode.append, ({ append }) => append()],
  [opcode.appends, ({ appendFromMark }) => appendFromMark()],
  [opcode.none, ({ push }) => push(null)],
  [opcode.binInt1, ({ push, source }) => push(source.u8())],
  [opcode.binInt2, ({ push, source }) => push(source.u16())],
  [opcode.binInt, ({ push, source }) => push(source.i32())],
  [opcode.long1, ({ push, source }) => push(source.long(source.u8()))],
  [opcode.binFloat, ({ push, source }) => push(source.f64())],
  [opcode.shortUnicode, ({ push, source }) => push(source.text(source.u8()))],
  [opcode.unicode, ({ push, source }) => push(source.text(source.u32()))],
  [opcode.shortBytes, ({ push, source }) => push(source.bytes(source.u8()))],
  [opcode.bytes, ({ push, source }) => push(source.bytes(source.u32()))],
  [opcode.memoize, ({ rememberNext }) => rememberNext()],
  [opcode.binPut, ({ remember, source }) => remember(source.u8())],
  [opcode.longBinPut, ({ remember, source }) => remember(source.u32())],
  [opcode.binGet, ({ recall, source }) => recall(source.u8())],
  [opcode.longBinGet, ({ recall, source }) => recall(source.u32())],
] satisfies [number, (machine: Machine) => void][]);

const emptyList = Buffer.from([opcode.emptyList]);
const mark = Buffer.from([opcode.mark]);
const appends = Buffer.from([opcode.appends]);
