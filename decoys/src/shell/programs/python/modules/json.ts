import { makeException, PythonFault, raise } from '../faults.ts';
import { showNumber } from '../numbers.ts';
import { keyOf } from '../operators.ts';
import { type Named, type PyClass, PyDict, PyList, PyTuple, typeName, type Value } from '../values.ts';

const depthMax = 50;

/** @throws PythonFault JSONDecodeError */
export function loads(text: string, fault: PyClass): Value {
  try {
    return fromJson(JSON.parse(text, keepWhole));
  } catch (error) {
    if (error instanceof PythonFault) throw error;
    throw new PythonFault(makeException(fault, ['Expecting value: line 1 column 1 (char 0)']));
  }
}

/** What is written without a point is whole. */
function keepWhole(_key: string, value: unknown, { source }: { source?: string } = {}): unknown {
  return typeof value === 'number' && source !== undefined && /^-?\d+$/.test(source) ? BigInt(source) : value;
}

function fromJson(value: unknown, depth = 0): Value {
  if (depth > depthMax) raise('RecursionError', 'maximum recursion depth exceeded');
  if (
    value === null ||
    typeof value === 'boolean' ||
    typeof value === 'number' ||
    typeof value === 'string' ||
    typeof value === 'bigint'
  )
    return value;
  if (Array.isArray(value)) return new PyList(value.map((item) => fromJson(item, depth + 1)));
  const dict = new PyDict();
  if (typeof value === 'object')
    for (const [name, held] of Object.entries(value)) dict.entries.set(keyOf(name), [name, fromJson(held, depth + 1)]);
  return dict;
}

/** `json.dumps`, as Python spaces it. */
export function dumps(value: Value, named: Named): string {
  const indent = named.get('indent') ?? null;
  const width = indent === null ? undefined : Math.min(Number(indent), 16);
  return written(value, named.get('sort_keys') === true, width, 0);
}

function written(value: Value, isSorted: boolean, width: number | undefined, depth: number): string {
  if (depth > depthMax) raise('RecursionError', 'maximum recursion depth exceeded');
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint' || typeof value === 'number') return showNumber(value);
  if (typeof value === 'string') return asciiOnly(JSON.stringify(value));
  const inner = (item: Value) => written(item, isSorted, width, depth + 1);
  if (value instanceof PyList || value instanceof PyTuple)
    return around('[', value.items.map(inner), ']', width, depth);
  if (!(value instanceof PyDict))
    return raise('TypeError', `Object of type ${typeName(value)} is not JSON serializable`);
  const rows = [...value.entries.values()].map(
    ([key, held]) => [typeof key === 'string' ? key : written(key, false, undefined, 0), held] as const,
  );
  if (isSorted) rows.sort(([a], [b]) => (a < b ? -1 : 1));
  return around(
    '{',
    rows.map(([key, held]) => `${asciiOnly(JSON.stringify(key))}: ${inner(held)}`),
    '}',
    width,
    depth,
  );
}

function around(
  open: string,
  parts: readonly string[],
  close: string,
  width: number | undefined,
  depth: number,
): string {
  if (width === undefined || parts.length === 0) return open + parts.join(', ') + close;
  const blank = ' '.repeat(width * (depth + 1));
  return `${open}\n${blank}${parts.join(`,\n${blank}`)}\n${' '.repeat(width * depth)}${close}`;
}

function asciiOnly(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
