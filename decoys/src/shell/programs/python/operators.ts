import { raise } from './faults.ts';
import { type PythonNumber, reckon } from './numbers.ts';
import { formatted } from './percent-form.ts';
import {
  PyBytes,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyOpaque,
  PyRange,
  PySet,
  PyTuple,
  typeName,
  type Value,
} from './values.ts';

const lengthMax = 1024 * 1024;

/** A number as Python counts with it, `True` being 1; undefined for what is none. */
export function numberOf(value: Value): PythonNumber | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

/** `left sign right`, but for what a class of the program's makes of it. @throws PythonFault */
export function combine(sign: string, left: Value, right: Value): Value {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) {
    const value = reckon(sign, a, b);
    if (value !== undefined)
      return typeof left === 'boolean' && typeof right === 'boolean' && '&|^'.includes(sign) ? value === 1n : value;
  }
  if (left instanceof PyOpaque || right instanceof PyOpaque) return new PyOpaque('object');
  if (sign === '%' && (typeof left === 'string' || left instanceof PyBytes)) return formatted(left, right);
  if (sign === '+') return joined(left, right);
  if (sign === '*') return repeated(left, right) ?? repeated(right, left) ?? unsupported(sign, left, right);
  if (left instanceof PySet && right instanceof PySet) return combineSets(sign, left, right);
  if (sign === '|' && left instanceof PyDict && right instanceof PyDict) return merged(left, right);
  return unsupported(sign, left, right);
}

function unsupported(sign: string, left: Value, right: Value): never {
  return raise(
    'TypeError',
    `unsupported operand type(s) for ${sign === '**' ? '** or pow()' : sign}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function joined(left: Value, right: Value): Value {
  if (typeof left === 'string') {
    if (typeof right !== 'string') raise('TypeError', `can only concatenate str (not "${typeName(right)}") to str`);
    return bounded(left + right);
  }
  if (left instanceof PyBytes && right instanceof PyBytes) {
    bounded({ length: left.bytes.length + right.bytes.length });
    return new PyBytes(Buffer.concat([left.bytes, right.bytes]));
  }
  if (left instanceof PyBytes) raise('TypeError', `can't concat ${typeName(right)} to bytes`);
  if (left instanceof PyList) {
    if (!(right instanceof PyList)) raise('TypeError', `can only concatenate list (not "${typeName(right)}") to list`);
    return new PyList(bounded([...left.items, ...right.items]));
  }
  if (left instanceof PyTuple && right instanceof PyTuple) return new PyTuple(bounded([...left.items, ...right.items]));
  return unsupported('+', left, right);
}

function repeated(what: Value, times: Value): Value | undefined {
  const count = numberOf(times);
  if (typeof count !== 'bigint') return undefined;
  const number = count < 0n ? 0 : Number(count);
  const length = (size: number) => bounded({ length: size * number });
  if (typeof what === 'string') return length(what.length) && what.repeat(number);
  if (what instanceof PyBytes)
    return length(what.bytes.length) && new PyBytes(Buffer.concat(Array.from({ length: number }, () => what.bytes)));
  if (what instanceof PyList || what instanceof PyTuple) {
    length(what.items.length);
    const items = Array.from({ length: number }, () => what.items).flat();
    return what instanceof PyList ? new PyList(items) : new PyTuple(items);
  }
  return undefined;
}

/** What grows beyond what a line is given. */
export function bounded<T extends { readonly length: number }>(value: T): T {
  if (value.length > lengthMax) raise('MemoryError', '');
  return value;
}

function combineSets(sign: string, left: PySet, right: PySet): Value {
  const made = new PySet();
  const takes: Readonly<Record<string, (key: string) => boolean>> = {
    '|': () => true,
    '&': (key) => left.entries.has(key) && right.entries.has(key),
    '-': (key) => left.entries.has(key) && !right.entries.has(key),
    '^': (key) => left.entries.has(key) !== right.entries.has(key),
  };
  const takesKey = Object.hasOwn(takes, sign) ? takes[sign] : undefined;
  if (!takesKey) return unsupported(sign, left, right);
  for (const [key, value] of [...left.entries, ...right.entries]) if (takesKey(key)) made.entries.set(key, value);
  return made;
}

function merged(left: PyDict, right: PyDict): PyDict {
  const made = new PyDict();
  for (const [key, entry] of [...left.entries, ...right.entries]) made.entries.set(key, entry);
  return made;
}

const ids = new WeakMap<object, number>();
let lastId = 0;

/** The same for values that are equal. @throws PythonFault where they cannot be keys */
export function keyOf(value: Value): string {
  const number = numberOf(value);
  if (number !== undefined)
    return `n${typeof number === 'number' && Number.isInteger(number) ? BigInt(number) : number}`;
  if (typeof value === 'string') return `s${value}`;
  if (value === null) return 'none';
  if (value instanceof PyBytes) return `b${value.bytes.toString('latin1')}`;
  if (value instanceof PyTuple) return `t${JSON.stringify(value.items.map(keyOf))}`;
  if (value instanceof PyList || value instanceof PyDict || value instanceof PySet)
    raise('TypeError', `unhashable type: '${typeName(value)}'`);
  if (typeof value !== 'object') return 'none';
  const id = ids.get(value) ?? ++lastId;
  ids.set(value, id);
  return `o${id}`;
}

/** `left == right`, but for what a class of the program's makes of it. */
export function areEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  const [a, b] = [numberOf(left), numberOf(right)];
  // A whole number and one with a point are equal where neither is less.
  if (a !== undefined && b !== undefined)
    return !(a < b) && !(a > b) && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
  if (left instanceof PyBytes && right instanceof PyBytes) return left.bytes.equals(right.bytes);
  if ((left instanceof PyList && right instanceof PyList) || (left instanceof PyTuple && right instanceof PyTuple))
    return (
      left.items.length === right.items.length &&
      left.items.every((item, at) => areEqual(item, right.items[at] ?? null))
    );
  if (left instanceof PySet && right instanceof PySet)
    return left.entries.size === right.entries.size && [...left.entries.keys()].every((key) => right.entries.has(key));
  if (left instanceof PyDict && right instanceof PyDict)
    return (
      left.entries.size === right.entries.size &&
      [...left.entries].every(([key, [, value]]) => {
        const other = right.entries.get(key);
        return other !== undefined && areEqual(value, other[1]);
      })
    );
  return false;
}

/** Less than 0 where `left` comes first. @throws PythonFault where they have no order */
export function order(sign: string, left: Value, right: Value): number {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a < b ? -1 : a > b ? 1 : 0;
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (left instanceof PyBytes && right instanceof PyBytes) return left.bytes.compare(right.bytes);
  if ((left instanceof PyList && right instanceof PyList) || (left instanceof PyTuple && right instanceof PyTuple)) {
    const at = left.items.findIndex(
      (item, index) => index >= right.items.length || !areEqual(item, right.items[index] ?? null),
    );
    if (at < 0 || at >= right.items.length) return left.items.length - right.items.length;
    return order(sign, left.items[at] ?? null, right.items[at] ?? null);
  }
  return raise(
    'TypeError',
    `'${sign}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`,
  );
}

/** `value in container`. @throws PythonFault */
export function holds(container: Value, value: Value): boolean {
  if (typeof container === 'string') {
    if (typeof value !== 'string')
      raise('TypeError', `'in <string>' requires string as left operand, not ${typeName(value)}`);
    return container.includes(value);
  }
  if (container instanceof PyBytes)
    return value instanceof PyBytes
      ? container.bytes.includes(value.bytes)
      : container.bytes.includes(Number(numberOf(value) ?? -1));
  if (container instanceof PyDict || container instanceof PySet) return container.entries.has(keyOf(value));
  return itemsOf(container).some((item) => areEqual(item, value));
}

const rangeMax = 200_000;

/** What `for` goes through. @throws PythonFault */
export function itemsOf(value: Value): readonly Value[] {
  if (typeof value === 'string') return [...value];
  if (value instanceof PyList || value instanceof PyTuple) return value.items;
  if (value instanceof PyBytes) return [...value.bytes].map(BigInt);
  if (value instanceof PyDict) return [...value.entries.values()].map(([key]) => key);
  if (value instanceof PySet) return [...value.entries.values()];
  if (value instanceof PyRange) return rangeItems(value);
  if (value instanceof PyOpaque) return [];
  if (value instanceof PyIterator) {
    const rest = value.items.slice(value.at);
    value.at = value.items.length;
    return rest;
  }
  const lines = value instanceof PyInstance ? value.members.get('\0lines') : undefined;
  if (lines !== undefined) return itemsOf(lines);
  return raise('TypeError', `'${typeName(value)}' object is not iterable`);
}

function rangeItems({ from, to, step }: PyRange): Value[] {
  const items: Value[] = [];
  for (let at = from; step > 0n ? at < to : at > to; at += step) {
    if (items.length >= rangeMax) break;
    items.push(at);
  }
  return items;
}
