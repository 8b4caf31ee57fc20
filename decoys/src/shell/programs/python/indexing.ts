import { exceptionOf, makeException, PythonFault, raise } from './faults.ts';
import { keyOf, numberOf } from './operators.ts';
import { PyBytes, PyDict, PyInstance, PyList, PyRange, PyTuple, rangeLength, typeName, type Value } from './values.ts';

/** `value[key]`. @throws PythonFault */
export function itemAt(value: Value, key: Value): Value {
  if (value instanceof PyDict) {
    const entry = value.entries.get(keyOf(key));
    if (entry) return entry[1];
    throw new PythonFault(makeException(exceptionOf('KeyError'), [key]));
  }
  if (value instanceof PyInstance && typeof value.members.get('\0groups') === 'object')
    return itemAt(value.members.get('\0groups') ?? null, key);
  const number = numberOf(key);
  if (typeof value === 'string') return at([...value], number, 'string');
  if (value instanceof PyBytes) return at([...value.bytes].map(BigInt), number, 'index');
  if (value instanceof PyList) return at(value.items, number, 'list');
  if (value instanceof PyTuple) return at(value.items, number, 'tuple');
  if (value instanceof PyRange && typeof number === 'bigint') return value.from + number * value.step;
  return raise('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function at(items: readonly Value[], index: bigint | number | undefined, what: string): Value {
  if (typeof index !== 'bigint')
    return raise(
      'TypeError',
      `${what} indices must be integers or slices, not ${index === undefined ? 'str' : 'float'}`,
    );
  return (
    items.at(Number(index)) ??
    (Number(index) < items.length && -Number(index) <= items.length
      ? null
      : raise('IndexError', `${what} index out of range`))
  );
}

/** `value[from:to:step]`. @throws PythonFault */
export function slice(value: Value, [from = null, to = null, step = null]: readonly Value[]): Value {
  const every = step === null ? 1 : Number(numberOf(step) ?? 1);
  if (every === 0) raise('ValueError', 'slice step cannot be zero');
  const cut = <T>(items: readonly T[]): T[] =>
    indices(items.length, from, to, every).flatMap((index) => items.slice(index, index + 1));
  if (typeof value === 'string')
    return every === 1 && !/[\ud800-\udfff]/.test(value) ? plainSlice(value, from, to) : cut([...value]).join('');
  if (value instanceof PyBytes) return new PyBytes(Buffer.from(cut([...value.bytes])));
  if (value instanceof PyList) return new PyList(cut(value.items));
  if (value instanceof PyTuple) return new PyTuple(cut(value.items));
  if (value instanceof PyRange)
    return new PyList(
      indices(rangeLength(value), from, to, every).map((index) => value.from + BigInt(index) * value.step),
    );
  return raise('TypeError', `'${typeName(value)}' object is not subscriptable`);
}

function plainSlice(text: string, from: Value, to: Value): string {
  return text.slice(from === null ? 0 : Number(numberOf(from)), to === null ? undefined : Number(numberOf(to)));
}

function indices(length: number, from: Value, to: Value, step: number): number[] {
  const clamp = (value: Value, otherwise: number): number => {
    if (value === null) return otherwise;
    const index = Number(numberOf(value) ?? 0);
    const place = index < 0 ? index + length : index;
    return step > 0 ? Math.min(Math.max(place, 0), length) : Math.min(Math.max(place, -1), length - 1);
  };
  const [start, end] = step > 0 ? [clamp(from, 0), clamp(to, length)] : [clamp(from, length - 1), clamp(to, -1)];
  const found: number[] = [];
  for (let index = start; step > 0 ? index < end : index > end; index += step) found.push(index);
  return found;
}

/** `value[key] = item`. @throws PythonFault */
export function setItem(value: Value, key: Value, item: Value): void {
  if (value instanceof PyDict) {
    value.entries.set(keyOf(key), [key, item]);
    return;
  }
  if (!(value instanceof PyList)) raise('TypeError', `'${typeName(value)}' object does not support item assignment`);
  value.items[placeOf(value, key, 'list assignment index out of range')] = item;
}

/** `del value[key]`. @throws PythonFault */
export function removeItem(value: Value, key: Value): void {
  if (value instanceof PyDict) {
    if (!value.entries.delete(keyOf(key))) throw new PythonFault(makeException(exceptionOf('KeyError'), [key]));
  } else if (value instanceof PyList) value.items.splice(placeOf(value, key, 'list assignment index out of range'), 1);
  else raise('TypeError', `'${typeName(value)}' object doesn't support item deletion`);
}

function placeOf({ items }: PyList, key: Value, fault: string): number {
  const index = Number(numberOf(key) ?? Number.NaN);
  const place = index < 0 ? index + items.length : index;
  if (!(place >= 0 && place < items.length)) raise('IndexError', fault);
  return place;
}
