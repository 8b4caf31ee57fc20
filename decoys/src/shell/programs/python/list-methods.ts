import { raise } from './faults.ts';
import { areEqual, bounded, itemsOf, numberOf, order } from './operators.ts';
import type { Runtime } from './runtime.ts';
import { isTrue, type Named, PyList, type Run, type Value } from './values.ts';

/** What can be done with a list. @throws PythonFault */
export function listMethods(runtime: Runtime, list: PyList): Readonly<Record<string, Run>> {
  const { items } = list;
  const place = (value: Value | undefined) => items.findIndex((item) => areEqual(item, value ?? null));
  return {
    append: ([value = null]) => nothing(items.push(value), bounded(items)),
    extend: ([values = null]) => nothing(items.push(...itemsOf(values)), bounded(items)),
    insert: ([at, value = null]) => nothing(items.splice(Number(at), 0, value)),
    pop: ([at]) => {
      if (items.length === 0) raise('IndexError', 'pop from empty list');
      const [taken] = items.splice(at === undefined ? -1 : Number(numberOf(at)), 1);
      return taken === undefined ? raise('IndexError', 'pop index out of range') : taken;
    },
    popleft: () => items.shift() ?? raise('IndexError', 'pop from an empty deque'),
    appendleft: ([value = null]) => nothing(items.unshift(value)),
    remove: ([value]) => {
      const at = place(value);
      if (at < 0) raise('ValueError', 'list.remove(x): x not in list');
      return nothing(items.splice(at, 1));
    },
    index: ([value = null]) => {
      const at = place(value);
      return at < 0 ? raise('ValueError', 'value is not in list') : BigInt(at);
    },
    count: ([value = null]) => BigInt(items.filter((item) => areEqual(item, value)).length),
    reverse: () => nothing(items.reverse()),
    clear: () => nothing(items.splice(0)),
    copy: () => new PyList([...items]),
    sort: async (_, named) => nothing(items.splice(0, items.length, ...(await sorted(runtime, items, named)))),
  };
}

function nothing(..._done: readonly unknown[]): null {
  return null;
}

/** In order, those that are equal as they stood; `key` and `reverse` as Python has them. */
export async function sorted(runtime: Runtime, items: readonly Value[], named: Named): Promise<Value[]> {
  const by = named.get('key') ?? null;
  const keyed: { item: Value; key: Value }[] = [];
  for (const item of items) keyed.push({ item, key: by === null ? item : await runtime.invoke(by, [item]) });
  const way = isTrue(named.get('reverse') ?? false) ? -1 : 1;
  return keyed.sort((a, b) => way * order('<', a.key, b.key)).map(({ item }) => item);
}
