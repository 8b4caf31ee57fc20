import { exceptionOf, makeException, PythonFault, raise } from './faults.ts';
import { itemsOf, keyOf } from './operators.ts';
import { type Named, PyDict, PyIterator, PyList, PyTuple, type Run, type Value } from './values.ts';

/** What can be done with a dict. @throws PythonFault */
export function dictMethods(dict: PyDict): Readonly<Record<string, Run>> {
  const { entries } = dict;
  const has = (key: Value) => entries.has(keyOf(key));
  return {
    get: ([key = null, otherwise = null]) => entries.get(keyOf(key))?.[1] ?? otherwise,
    keys: () =>
      view(
        [...entries.values()].map(([key]) => key),
        'dict_keys',
      ),
    values: () =>
      view(
        [...entries.values()].map(([, value]) => value),
        'dict_values',
      ),
    items: () =>
      view(
        [...entries.values()].map(([key, value]) => new PyTuple([key, value])),
        'dict_items',
      ),
    setdefault([key = null, otherwise = null]) {
      if (!has(key)) entries.set(keyOf(key), [key, otherwise]);
      return entries.get(keyOf(key))?.[1] ?? null;
    },
    pop([key = null, otherwise]) {
      const entry = entries.get(keyOf(key));
      if (!entry) return otherwise ?? missing(key);
      entries.delete(keyOf(key));
      return entry[1];
    },
    popitem() {
      const last = [...entries.values()].at(-1) ?? raise('KeyError', 'popitem(): dictionary is empty');
      entries.delete(keyOf(last[0]));
      return new PyTuple(last);
    },
    update([other = null], named) {
      for (const [key, value] of pairsOf(other, named)) entries.set(keyOf(key), [key, value]);
      return null;
    },
    clear() {
      entries.clear();
      return null;
    },
    copy() {
      const made = new PyDict(dict.missing);
      for (const [key, entry] of entries) made.entries.set(key, entry);
      return made;
    },
    most_common([most]) {
      const counted = [...entries.values()]
        .sort((a, b) => Number(b[1]) - Number(a[1]))
        .map((entry) => new PyTuple(entry));
      return new PyList(most === undefined ? counted : counted.slice(0, Number(most)));
    },
  };
}

function view(items: readonly Value[], name: string): PyIterator {
  return new PyIterator(items, name);
}

function missing(key: Value): never {
  throw new PythonFault(makeException(exceptionOf('KeyError'), [key]));
}

/** What `dict(…)` and `update(…)` take. */
export function pairsOf(other: Value, named: Named): [Value, Value][] {
  const pairs: [Value, Value][] = [];
  if (other instanceof PyDict) for (const [key, value] of other.entries.values()) pairs.push([key, value]);
  else if (other !== null)
    for (const item of itemsOf(other)) {
      const [key = null, value = null] = itemsOf(item);
      pairs.push([key, value]);
    }
  for (const [name, value] of named) pairs.push([name, value]);
  return pairs;
}
