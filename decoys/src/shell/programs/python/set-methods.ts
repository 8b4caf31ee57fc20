import { exceptionOf, makeException, PythonFault } from './faults.ts';
import { combine, itemsOf, keyOf } from './operators.ts';
import { PySet, type Run, type Value } from './values.ts';

/** What can be done with a set. @throws PythonFault */
export function setMethods(set: PySet): Readonly<Record<string, Run>> {
  const { entries } = set;
  return {
    add: ([value = null]) => put(set, value),
    discard([value = null]) {
      entries.delete(keyOf(value));
      return null;
    },
    remove([value = null]) {
      if (!entries.delete(keyOf(value))) throw new PythonFault(makeException(exceptionOf('KeyError'), [value]));
      return null;
    },
    update([values = null]) {
      for (const value of itemsOf(values)) put(set, value);
      return null;
    },
    union: ([other = null]) => combine('|', set, setOf(itemsOf(other))),
    intersection: ([other = null]) => combine('&', set, setOf(itemsOf(other))),
    difference: ([other = null]) => combine('-', set, setOf(itemsOf(other))),
    issubset: ([other = null]) => [...entries.keys()].every((key) => setOf(itemsOf(other)).entries.has(key)),
    copy: () => setOf([...entries.values()]),
  };
}

export function setOf(values: readonly Value[]): PySet {
  const set = new PySet();
  for (const value of values) put(set, value);
  return set;
}

function put({ entries }: PySet, value: Value): null {
  const key = keyOf(value);
  if (!entries.has(key)) entries.set(key, value);
  return null;
}
