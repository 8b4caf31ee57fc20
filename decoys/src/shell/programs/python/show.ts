import { raise } from './faults.ts';
import { showNumber } from './numbers.ts';
import {
  PyBuiltIn,
  PyBytes,
  PyClass,
  PyDict,
  PyFunction,
  PyInstance,
  PyIterator,
  PyList,
  PyModule,
  PyOpaque,
  PyRange,
  PySet,
  PyTuple,
  typeName,
  type Value,
} from './values.ts';

const depthMax = 30;
const shownMax = 256 * 1024;

/** As `str()` shows it, but for what a class of the program's says of itself. */
export function strOf(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof PyInstance && value.members.get('args') instanceof PyTuple) return messageOf(value);
  return reprOf(value);
}

/** `repr(value)`; what lies too deep is `...`. */
export function reprOf(value: Value, depth = 0): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint' || typeof value === 'number') return showNumber(value);
  if (typeof value === 'string') return quoted(value);
  if (depth > depthMax) return '...';
  return shortened(collection(value, depth) ?? thing(value));
}

function shortened(text: string): string {
  if (text.length > shownMax) raise('MemoryError', '');
  return text;
}

function collection(value: Value, depth: number): string | undefined {
  const all = (items: Iterable<Value>) => [...items].map((item) => reprOf(item, depth + 1)).join(', ');
  if (value instanceof PyBytes) return `b${bytesText(value.bytes)}`;
  if (value instanceof PyList) return `[${all(value.items)}]`;
  if (value instanceof PyTuple) return `(${all(value.items)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof PySet) return value.entries.size === 0 ? 'set()' : `{${all(value.entries.values())}}`;
  if (value instanceof PyDict)
    return `{${[...value.entries.values()].map(([key, held]) => `${reprOf(key, depth + 1)}: ${reprOf(held, depth + 1)}`).join(', ')}}`;
  return undefined;
}

function thing(value: Value): string {
  if (value instanceof PyRange) return `range(${value.from}, ${value.to}${value.step === 1n ? '' : `, ${value.step}`})`;
  if (value instanceof PyClass) return `<class '${isBuiltIn(value) ? '' : '__main__.'}${value.name}'>`;
  if (value instanceof PyFunction) return `<function ${value.name} at 0x7f3a5c1e4d60>`;
  if (value instanceof PyBuiltIn) return `<built-in function ${value.name}>`;
  if (value instanceof PyModule) return `<module '${value.name}' from '/usr/lib/python3.11/${value.name}.py'>`;
  if (value instanceof PyIterator) return `<${value.name} object at 0x7f3a5c1e8a90>`;
  if (value instanceof PyInstance && value.members.get('args') instanceof PyTuple) return exceptionText(value);
  if (value instanceof PyOpaque) return `<${value.name}>`;
  return `<${value instanceof PyInstance && !value.type.make ? '__main__.' : ''}${typeName(value)} object at 0x7f3a5c1e9b50>`;
}

function isBuiltIn(type: PyClass): boolean {
  return type.make !== undefined || !type.members.has('__module__');
}

/** What an exception says: its one argument, or all of them. */
export function messageOf(value: PyInstance): string {
  const args = value.members.get('args');
  const items = args instanceof PyTuple ? args.items : [];
  const number = value.members.get('errno');
  if (typeof number === 'bigint') {
    const file = value.members.get('filename') ?? null;
    return `[Errno ${number}] ${strOf(value.members.get('strerror') ?? '')}${file === null ? '' : `: ${reprOf(file)}`}`;
  }
  if (items.length === 0) return '';
  const [only = null] = items;
  if (items.length > 1) return reprOf(new PyTuple(items));
  return value.type.name === 'KeyError' ? reprOf(only) : strOf(only);
}

function exceptionText(value: PyInstance): string {
  const args = value.members.get('args');
  const items = args instanceof PyTuple ? args.items : [];
  return `${value.type.name}(${items.map((item) => reprOf(item)).join(', ')})`;
}

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r', '\\': '\\\\' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\p{Cc}\xa0]/gu, (letter) => short[letter] ?? hex(letter));
  return `${quote}${quote === "'" ? inner.replaceAll("'", "\\'") : inner}${quote}`;
}

function bytesText(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\p{Cc}\xa0-\xff]/gu, (letter) => short[letter] ?? hex(letter));
  return `${quote}${quote === "'" ? inner.replaceAll("'", "\\'") : inner}${quote}`;
}

function hex(letter: string): string {
  return `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
