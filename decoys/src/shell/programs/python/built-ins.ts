import { attributeOf } from './attributes.ts';
import { builtInTypes } from './built-in-types.ts';
import { exceptionOf, exceptions, makeException, PythonFault, raise } from './faults.ts';
import { formatValue } from './format-spec.ts';
import { sorted } from './list-methods.ts';
import { reckon } from './numbers.ts';
import { itemsOf, keyOf, numberOf } from './operators.ts';
import { builtIns, type Runtime, textArgument } from './runtime.ts';
import { openFile } from './text-files.ts';
import {
  isSubclass,
  isTrue,
  type Named,
  PyBuiltIn,
  PyBytes,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyIterator,
  PyList,
  PyOpaque,
  PyRange,
  PySet,
  PyTuple,
  rangeLength,
  typeName,
  type Value,
} from './values.ts';

/** The names that every program has. */
export function builtInNames(runtime: Runtime): Map<string, Value> {
  const types = builtInTypes(runtime);
  const typeOf = (value: Value): Value =>
    value instanceof PyInstance ? value.type : (types.get(typeName(value)) ?? new PyClass(typeName(value)));
  return new Map<string, Value>([
    ...types,
    ...exceptions,
    ['IOError', exceptionOf('OSError')],
    ['EnvironmentError', exceptionOf('OSError')],
    ['__name__', '__main__'],
    ['__builtins__', new PyOpaque('module')],
    ...builtIns({
      print: (args, named) => print(runtime, args, named),
      len: ([value = null]) => lengthOf(value),
      repr: async ([value = null]) => await runtime.reprOf(value),
      ascii: async ([value = null]) => await runtime.reprOf(value),
      type: ([value = null]) => typeOf(value),
      isinstance: ([value = null, type = null]) => isInstance(value, type),
      issubclass: ([type, of]) => type instanceof PyClass && of instanceof PyClass && isSubclass(type, of),
      callable: ([value]) => value instanceof PyFunction || value instanceof PyBuiltIn || value instanceof PyClass,
      id: ([value = null]) =>
        BigInt(
          140_000_000_000_000 +
            keyOf(typeof value === 'object' && value !== null ? value.constructor.name : value).length * 48,
        ),
      hash: ([value = null]) =>
        BigInt([...keyOf(value)].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 2 ** 31, 7)),
      abs: ([value = null]) => absolute(value),
      min: async (args, named) => await extreme(runtime, args, named, -1),
      max: async (args, named) => await extreme(runtime, args, named, 1),
      sum: ([items = null, start = 0n]) => itemsOf(items).reduce((sum, item) => plus(sum, item), start),
      any: ([items = null]) => itemsOf(items).some(isTrue),
      all: ([items = null]) => itemsOf(items).every(isTrue),
      sorted: async ([items = null], named) => new PyList(await sorted(runtime, itemsOf(items), named)),
      reversed: ([items = null]) => new PyIterator([...itemsOf(items)].reverse(), 'list_reverseiterator'),
      enumerate: ([items = null, start], named) => enumerate(items, start ?? named.get('start')),
      zip: (args) => zip(args.map(itemsOf)),
      map: async ([callee = null, ...lists]) => await mapped(runtime, callee, lists),
      filter: async ([callee = null, items = null]) => await filtered(runtime, callee, items),
      iter: ([items = null]) => new PyIterator(itemsOf(items), 'list_iterator'),
      next: ([items = null, otherwise]) => nextOf(items, otherwise),
      ord: ([letter]) => BigInt((letter instanceof PyBytes ? letter.bytes[0] : String(letter).codePointAt(0)) ?? 0),
      chr: ([code]) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)),
      hex: ([value]) => signed(value, 16, '0x'),
      oct: ([value]) => signed(value, 8, '0o'),
      bin: ([value]) => signed(value, 2, '0b'),
      round: ([value = null, digits]) => rounded(value, digits),
      pow: ([base, exponent, modulus]) => power(base, exponent, modulus),
      divmod: ([a = null, b = null]) => new PyTuple([both('//', a, b), both('%', a, b)]),
      format: ([value = null, spec]) => formatValue(value, String(spec ?? '')),
      open: ([path, mode], named) =>
        openFile(runtime, path, String(mode ?? named.get('mode') ?? 'r'), named.get('encoding')),
      input: ([prompt]) => input(runtime, prompt),
      getattr: ([value = null, name, otherwise]) => getAttribute(runtime, value, String(name), otherwise),
      hasattr: ([value = null, name]) => getAttribute(runtime, value, String(name), PyMissing) !== PyMissing,
      setattr([value, name, member = null]) {
        if (value instanceof PyInstance || value instanceof PyClass) value.members.set(String(name), member);
        return null;
      },
      globals: () => new PyDict(),
      locals: () => new PyDict(),
      dir: () => new PyList([...runtime.globals.names.keys()].sort()),
      exit: ([code = null]) => leave(code),
      quit: ([code = null]) => leave(code),
      help: () => null,
      __import__: ([name]) => runtime.importModule(textArgument(name)),
    }),
  ]);
}

const PyMissing = new PyOpaque('missing');

/** @throws PythonFault SystemExit, always */
export function leave(code: Value): never {
  throw new PythonFault(makeException(exceptionOf('SystemExit'), [code]));
}

async function print(runtime: Runtime, args: readonly Value[], named: Named): Promise<null> {
  const texts: string[] = [];
  for (const value of args) texts.push(await runtime.strOf(value));
  const text = texts.join(String(named.get('sep') ?? ' ')) + String(named.get('end') ?? '\n');
  const file = named.get('file');
  const write = file instanceof PyInstance ? file.members.get('write') : undefined;
  if (write === undefined) runtime.write(text);
  else await runtime.invoke(write, [text]);
  return null;
}

function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt([...value].length);
  if (value instanceof PyBytes) return BigInt(value.bytes.length);
  if (value instanceof PyList || value instanceof PyTuple) return BigInt(value.items.length);
  if (value instanceof PyDict || value instanceof PySet) return BigInt(value.entries.size);
  if (value instanceof PyRange) return BigInt(rangeLength(value));
  if (value instanceof PyIterator && value.name.startsWith('dict_')) return BigInt(value.items.length);
  return raise('TypeError', `object of type '${typeName(value)}' has no len()`);
}

function isInstance(value: Value, type: Value): boolean {
  if (type instanceof PyTuple) return type.items.some((each) => isInstance(value, each));
  if (!(type instanceof PyClass)) return false;
  if (value instanceof PyInstance) return isSubclass(value.type, type) || type.name === 'object';
  return type.name === typeName(value) || type.name === 'object' || (type.name === 'int' && typeof value === 'boolean');
}

function absolute(value: Value): Value {
  const number = numberOf(value) ?? raise('TypeError', `bad operand type for abs(): '${typeName(value)}'`);
  return number < 0 ? -number : number;
}

async function extreme(runtime: Runtime, args: readonly Value[], named: Named, way: 1 | -1): Promise<Value> {
  const items = args.length === 1 ? itemsOf(args[0] ?? null) : args;
  const ordered = await sorted(runtime, items, new Map([...named].filter(([name]) => name === 'key')));
  const found = way < 0 ? ordered[0] : ordered.at(-1);
  if (found !== undefined) return found;
  return named.get('default') ?? raise('ValueError', `${way < 0 ? 'min' : 'max'}() arg is an empty sequence`);
}

function plus(sum: Value, item: Value): Value {
  return both('+', sum, item);
}

function both(sign: string, left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  const value = a === undefined || b === undefined ? undefined : reckon(sign, a, b);
  if (value !== undefined) return value;
  return raise('TypeError', `unsupported operand type(s) for ${sign}: '${typeName(left)}' and '${typeName(right)}'`);
}

function enumerate(items: Value, start: Value | undefined): PyIterator {
  const first = numberOf(start ?? 0n) ?? 0n;
  return new PyIterator(
    itemsOf(items).map((item, index) => new PyTuple([BigInt(first) + BigInt(index), item])),
    'enumerate',
  );
}

function zip(lists: readonly (readonly Value[])[]): PyIterator {
  const length = Math.min(...lists.map((list) => list.length));
  const rows = Array.from(
    { length: lists.length === 0 ? 0 : length },
    (_, at) => new PyTuple(lists.map((list) => list[at] ?? null)),
  );
  return new PyIterator(rows, 'zip');
}

async function mapped(runtime: Runtime, callee: Value, lists: readonly Value[]): Promise<PyIterator> {
  const values: Value[] = [];
  for (const row of zip(lists.map(itemsOf)).items) values.push(await runtime.invoke(callee, itemsOf(row)));
  return new PyIterator(values, 'map');
}

async function filtered(runtime: Runtime, callee: Value, items: Value): Promise<PyIterator> {
  const values: Value[] = [];
  for (const item of itemsOf(items))
    if (isTrue(callee === null ? item : await runtime.invoke(callee, [item]))) values.push(item);
  return new PyIterator(values, 'filter');
}

function nextOf(items: Value, otherwise: Value | undefined): Value {
  if (!(items instanceof PyIterator)) return raise('TypeError', `'${typeName(items)}' object is not an iterator`);
  const value = items.items[items.at];
  if (items.at < items.items.length) {
    items.at++;
    return value ?? null;
  }
  return otherwise ?? raise('StopIteration', '');
}

function signed(value: Value | undefined, base: number, mark: string): string {
  const number = numberOf(value ?? null);
  if (typeof number !== 'bigint')
    return raise('TypeError', `'${typeName(value ?? null)}' object cannot be interpreted as an integer`);
  return `${number < 0n ? '-' : ''}${mark}${(number < 0n ? -number : number).toString(base)}`;
}

function rounded(value: Value, digits: Value | undefined): Value {
  const number = numberOf(value) ?? raise('TypeError', `type ${typeName(value)} doesn't define __round__ method`);
  if (typeof number === 'bigint') return number;
  const text = formatValue(number, `.${Math.max(0, Math.min(20, Number(digits ?? 0)))}f`);
  return digits === undefined || digits === null ? BigInt(text) : Number(text);
}

const modulusMax = 1n << 4096n;

function power(base: Value = null, exponent: Value = null, modulus?: Value): Value {
  const [a, b, m] = [numberOf(base), numberOf(exponent), numberOf(modulus ?? null)];
  if (
    typeof a !== 'bigint' ||
    typeof b !== 'bigint' ||
    typeof m !== 'bigint' ||
    m === 0n ||
    b < 0n ||
    m > modulusMax ||
    b > modulusMax
  )
    return both('**', base, exponent);
  let [result, factor, rest] = [1n, ((a % m) + m) % m, b];
  for (; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % m;
    factor = (factor * factor) % m;
  }
  return result;
}

async function input(runtime: Runtime, prompt: Value | undefined): Promise<Value> {
  if (prompt !== undefined) runtime.write(await runtime.strOf(prompt));
  return raise('EOFError', 'EOF when reading a line');
}

function getAttribute(runtime: Runtime, value: Value, name: string, otherwise: Value | undefined): Value {
  try {
    return attributeOf(runtime, value, name);
  } catch (error) {
    if (otherwise === undefined || !(error instanceof PythonFault)) throw error;
    return otherwise;
  }
}
