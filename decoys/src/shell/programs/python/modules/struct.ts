import { raise } from '../faults.ts';
import type { Modules } from '../modules.ts';
import { numberOf } from '../operators.ts';
import { builtIns } from '../runtime.ts';
import { PyBytes, PyTuple, type Value } from '../values.ts';
import { bytesIn } from './codecs.ts';

const sizes: Readonly<Record<string, number>> = {
  b: 1,
  B: 1,
  c: 1,
  '?': 1,
  h: 2,
  H: 2,
  i: 4,
  I: 4,
  l: 4,
  L: 4,
  q: 8,
  Q: 8,
  f: 4,
  d: 8,
  x: 1,
};
const itemsMax = 10_000;

export const structModules: Modules = {
  struct: () =>
    builtIns({
      pack: ([form, ...values]) => pack(String(form), values),
      unpack: ([form, bytes]) => unpack(String(form), bytesIn(bytes)),
      calcsize: ([form]) => BigInt(itemsOf(String(form)).items.reduce((sum, { size }) => sum + size, 0)),
    }),
};

interface Item {
  readonly kind: string;
  readonly size: number;
}

function itemsOf(form: string): { isLittle: boolean; items: Item[] } {
  const items: Item[] = [];
  for (const [, count = '', kind = ''] of form.replace(/^[<>!=@]/, '').matchAll(/(\d*)([a-zA-Z?])/g)) {
    if (kind === 's') items.push({ kind, size: Math.min(Number(count || 1), itemsMax) });
    else {
      const size = sizes[kind] ?? raise('ValueError', 'bad char in struct format');
      for (let at = 0; at < Math.min(Number(count || 1), itemsMax); at++) items.push({ kind, size });
    }
  }
  return { isLittle: !/^[>!]/.test(form), items };
}

function pack(form: string, values: readonly Value[]): PyBytes {
  const { isLittle, items } = itemsOf(form);
  const given = [...values];
  const needed = items.filter(({ kind }) => kind !== 'x').length;
  if (needed !== given.length) raise('ValueError', `pack expected ${needed} items for packing (got ${given.length})`);
  return new PyBytes(
    Buffer.concat(items.map((item) => packed(item, item.kind === 'x' ? null : (given.shift() ?? null), isLittle))),
  );
}

function packed({ kind, size }: Item, value: Value, isLittle: boolean): Buffer {
  const bytes = Buffer.alloc(size);
  if (kind === 's' || kind === 'c') return Buffer.concat([bytesIn(value), bytes]).subarray(0, size);
  const number = numberOf(value) ?? 0n;
  if (kind === 'f') isLittle ? bytes.writeFloatLE(Number(number)) : bytes.writeFloatBE(Number(number));
  else if (kind === 'd') isLittle ? bytes.writeDoubleLE(Number(number)) : bytes.writeDoubleBE(Number(number));
  else {
    const whole = BigInt.asUintN(size * 8, typeof number === 'bigint' ? number : BigInt(Math.trunc(number)));
    bytes.write(whole.toString(16).padStart(size * 2, '0'), 'hex');
    if (isLittle) bytes.reverse();
  }
  return bytes;
}

function unpack(form: string, bytes: Buffer): PyTuple {
  const { isLittle, items } = itemsOf(form);
  const needed = items.reduce((sum, { size }) => sum + size, 0);
  if (needed !== bytes.length) raise('ValueError', `unpack requires a buffer of ${needed} bytes`);
  let at = 0;
  const values: Value[] = [];
  for (const { kind, size } of items) {
    const part = Buffer.from(bytes.subarray(at, at + size));
    at += size;
    if (kind !== 'x') values.push(unpacked(kind, part, isLittle));
  }
  return new PyTuple(values);
}

function unpacked(kind: string, part: Buffer, isLittle: boolean): Value {
  if (kind === 's' || kind === 'c') return new PyBytes(part);
  if (kind === 'f') return isLittle ? part.readFloatLE() : part.readFloatBE();
  if (kind === 'd') return isLittle ? part.readDoubleLE() : part.readDoubleBE();
  const value = BigInt(`0x${(isLittle ? part.reverse() : part).toString('hex')}`);
  if (kind === '?') return value !== 0n;
  return /[a-z]/.test(kind) ? BigInt.asIntN(part.length * 8, value) : value;
}
