import { pairsOf } from './dict-methods.ts';
import { raise } from './faults.ts';
import { itemsOf, keyOf, numberOf } from './operators.ts';
import { builtIns, type Runtime } from './runtime.ts';
import { setOf } from './set-methods.ts';
import { reprOf } from './show.ts';
import { encodingOf } from './text-methods.ts';
import {
  isTrue,
  PyBytes,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyRange,
  PyTuple,
  type Run,
  typeName,
  type Value,
} from './values.ts';

const bytesMax = 1024 * 1024;

/** The types that are built in, each with how it makes a value. */
export function builtInTypes(runtime: Runtime): Map<string, Value> {
  const make = (name: string, run: Run, members: readonly [string, Value][] = []): [string, Value] => [
    name,
    new PyClass(name, [], new Map(members), run),
  ];
  return new Map([
    make(
      'int',
      ([value = 0n, base]) => wholeOf(value, base),
      builtIns({ from_bytes: ([bytes, way]) => fromBytes(bytes, way) }),
    ),
    make('float', ([value = 0]) => pointedOf(value)),
    make(
      'str',
      async ([value, encoding]) =>
        value instanceof PyBytes && encoding !== undefined
          ? value.bytes.toString(encodingOf(encoding))
          : value === undefined
            ? ''
            : await runtime.strOf(value),
      builtIns({
        maketrans: ([from, to]) => table(String(from), String(to)),
        join: ([by, items = null]) => itemsOf(items).join(String(by)),
      }),
    ),
    make('bool', ([value = null]) => isTrue(value)),
    make('list', ([items]) => new PyList(items === undefined ? [] : [...itemsOf(items)])),
    make('tuple', ([items]) => new PyTuple(items === undefined ? [] : [...itemsOf(items)])),
    make('set', ([items]) => setOf(items === undefined ? [] : itemsOf(items))),
    make('frozenset', ([items]) => setOf(items === undefined ? [] : itemsOf(items))),
    make(
      'dict',
      ([other = null], named) => dictOf(pairsOf(other, named)),
      builtIns({ fromkeys: ([keys = null, value = null]) => dictOf(itemsOf(keys).map((key) => [key, value])) }),
    ),
    make(
      'bytes',
      ([value, encoding]) => bytesOf(value, encoding),
      builtIns({ fromhex: ([hex]) => new PyBytes(Buffer.from(String(hex).replace(/\s/g, ''), 'hex')) }),
    ),
    make('bytearray', ([value, encoding]) => bytesOf(value, encoding)),
    make('range', ([from = null, to, step]) => rangeOf(from, to, step)),
    ['object', new PyClass('object')],
    make('super', () => superOf()),
    make('property', ([getter = null]) => getter),
    make('staticmethod', ([method = null]) => method),
    make('classmethod', ([method = null]) => method),
  ]);
}

function wholeOf(value: Value, base: Value | undefined): Value {
  if (typeof value === 'string' || value instanceof PyBytes) {
    const text = typeof value === 'string' ? value : value.bytes.toString('latin1');
    const number = parseWhole(text.trim().replaceAll('_', '').toLowerCase(), Number(base ?? 10));
    return (
      number ??
      raise(
        'ValueError',
        `invalid literal for int() with base ${base === undefined ? 10 : Number(base)}: ${reprOf(value)}`,
      )
    );
  }
  const number = numberOf(value);
  if (number === undefined)
    return raise(
      'TypeError',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    );
  if (typeof number === 'number' && !Number.isFinite(number))
    return raise('OverflowError', 'cannot convert float infinity to integer');
  return typeof number === 'number' ? BigInt(Math.trunc(number)) : number;
}

const digitsMax = 4300;

function parseWhole(text: string, base: number): bigint | undefined {
  const [, sign = '', mark = '', digits = ''] = /^([+-]?)(0[xob])?([0-9a-z]+)$/.exec(text) ?? [];
  const marks: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };
  const radix = base === 0 ? (marks[mark] ?? 10) : base;
  const plain = mark !== '' && marks[mark] !== radix ? `${mark}${digits}` : digits;
  if (plain === '' || plain.length > digitsMax) return undefined;
  let value = 0n;
  for (const letter of plain) {
    const digit = Number.parseInt(letter, 36);
    if (!(digit < radix)) return undefined;
    value = value * BigInt(radix) + BigInt(digit);
  }
  return sign === '-' ? -value : value;
}

function pointedOf(value: Value): Value {
  if (typeof value !== 'string')
    return Number(
      numberOf(value) ??
        raise('TypeError', `float() argument must be a string or a real number, not '${typeName(value)}'`),
    );
  const text = value.trim().toLowerCase();
  if (/^[+-]?(?:inf(?:inity)?|nan)$/.test(text))
    return text.includes('nan') ? Number.NaN : text.startsWith('-') ? -Infinity : Infinity;
  if (text === '' || Number.isNaN(Number(text)) || /^[+-]?0[xob]/.test(text))
    return raise('ValueError', `could not convert string to float: ${reprOf(value)}`);
  return Number(text);
}

function dictOf(pairs: readonly (readonly [Value, Value])[]): PyDict {
  const dict = new PyDict();
  for (const [key, value] of pairs) dict.entries.set(keyOf(key), [key, value]);
  return dict;
}

function bytesOf(value: Value | undefined, encoding: Value | undefined): Value {
  if (value === undefined) return new PyBytes(Buffer.alloc(0));
  if (typeof value === 'string') {
    if (encoding === undefined) return raise('TypeError', 'string argument without an encoding');
    return new PyBytes(Buffer.from(value, encodingOf(encoding)));
  }
  if (typeof value === 'bigint')
    return new PyBytes(Buffer.alloc(value < bytesMax ? Number(value) : raise('MemoryError', '')));
  return value instanceof PyBytes ? value : new PyBytes(Buffer.from(itemsOf(value).map(Number)));
}

function fromBytes(bytes: Value | undefined, way: Value | undefined): bigint {
  const all = bytes instanceof PyBytes ? Buffer.from(bytes.bytes.subarray(0, 1024)) : Buffer.alloc(0);
  const ordered = way === 'little' ? all.reverse() : all;
  return all.length === 0 ? 0n : BigInt(`0x${ordered.toString('hex')}`);
}

function rangeOf(from: Value, to: Value | undefined, step: Value | undefined): PyRange {
  const whole = (value: Value): bigint => {
    const number = numberOf(value);
    return typeof number === 'bigint'
      ? number
      : raise('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
  };
  const every = step === undefined ? 1n : whole(step);
  if (every === 0n) raise('ValueError', 'range() arg 3 must not be zero');
  return to === undefined ? new PyRange(0n, whole(from), 1n) : new PyRange(whole(from), whole(to), every);
}

function table(from: string, to: string): PyDict {
  return dictOf([...from].map((letter, at) => [BigInt(letter.codePointAt(0) ?? 0), BigInt(to.codePointAt(at) ?? 0)]));
}

/** `super().__init__(…)` of a class without one does nothing. */
function superOf(): Value {
  return new PyInstance(new PyClass('super'), new Map(builtIns({ __init__: () => null })));
}
