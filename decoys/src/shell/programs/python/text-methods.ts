import { exceptionOf, makeException, PythonFault, raise } from './faults.ts';
import { formatText } from './format-spec.ts';
import { bounded, itemsOf, keyOf, numberOf } from './operators.ts';
import { PyBytes, PyDict, PyInstance, PyList, PyTuple, type Run, typeName, type Value } from './values.ts';

const widthMax = 10_000;

/** What can be done with a text. @throws PythonFault */
export function textMethods(text: string): Readonly<Record<string, Run>> {
  return {
    upper: () => text.toUpperCase(),
    lower: () => text.toLowerCase(),
    casefold: () => text.toLowerCase(),
    title: () => text.toLowerCase().replace(/(?<!\p{L})\p{L}/gu, (letter) => letter.toUpperCase()),
    capitalize: () => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
    swapcase: () =>
      text.replace(/\p{L}/gu, (letter) =>
        letter === letter.toUpperCase() ? letter.toLowerCase() : letter.toUpperCase(),
      ),
    strip: ([letters]) => stripped(stripped(text, letters, true), letters, false),
    lstrip: ([letters]) => stripped(text, letters, true),
    rstrip: ([letters]) => stripped(text, letters, false),
    split: ([by = null, most], named) =>
      listOf(splitText(text, by ?? named.get('sep') ?? null, Number(most ?? named.get('maxsplit') ?? -1))),
    rsplit: ([by = null, most], named) => listOf(splitLast(text, by, Number(most ?? named.get('maxsplit') ?? -1))),
    splitlines: () => listOf(text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)),
    partition: ([by]) => partition(text, String(by), text.indexOf(String(by))),
    rpartition: ([by]) => partition(text, String(by), text.lastIndexOf(String(by)), true),
    join: ([items = null]) => bounded(itemsOf(items).map(textItem).join(text)),
    replace: ([from, to, times]) => replaced(text, String(from), String(to), times === undefined ? -1 : Number(times)),
    startswith: ([what, from]) => anyOf(what, (part) => text.startsWith(part, Number(from ?? 0))),
    endswith: ([what]) => anyOf(what, (part) => text.endsWith(part)),
    find: ([what, from]) => BigInt(text.indexOf(String(what), Number(from ?? 0))),
    rfind: ([what]) => BigInt(text.lastIndexOf(String(what))),
    index: ([what]) => placeOf(text.indexOf(String(what))),
    count: ([what]) => BigInt(what === '' ? text.length + 1 : text.split(String(what)).length - 1),
    isdigit: () => /^\d+$/.test(text),
    isnumeric: () => /^\d+$/.test(text),
    isdecimal: () => /^\d+$/.test(text),
    isalpha: () => /^\p{L}+$/u.test(text),
    isalnum: () => /^[\p{L}\p{N}]+$/u.test(text),
    isspace: () => /^\s+$/.test(text),
    isupper: () => text !== text.toLowerCase() && text === text.toUpperCase(),
    islower: () => text !== text.toUpperCase() && text === text.toLowerCase(),
    isidentifier: () => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(text),
    zfill: ([width]) =>
      text.replace(
        /^([+-]?)(.*)$/s,
        (_, sign: string, rest: string) => sign + rest.padStart(Math.min(Number(width), widthMax) - sign.length, '0'),
      ),
    ljust: ([width, fill]) => text.padEnd(Math.min(Number(width), widthMax), String(fill ?? ' ')),
    rjust: ([width, fill]) => text.padStart(Math.min(Number(width), widthMax), String(fill ?? ' ')),
    center: ([width, fill]) => centered(text, Math.min(Number(width), widthMax), String(fill ?? ' ')),
    encode: ([encoding]) => new PyBytes(Buffer.from(text, encodingOf(encoding))),
    format: (args, named) => bounded(formatText(text, (field) => fieldOf(field, args, named))),
    format_map: ([dict = null]) =>
      formatText(text, (field) => (dict instanceof PyDict ? (dict.entries.get(`s${field}`)?.[1] ?? null) : null)),
    translate: ([table = null]) => [...text].map((letter) => translated(letter, table)).join(''),
    removeprefix: ([what]) => (text.startsWith(String(what)) ? text.slice(String(what).length) : text),
    removesuffix: ([what]) => (what !== '' && text.endsWith(String(what)) ? text.slice(0, -String(what).length) : text),
    expandtabs: () => text.replaceAll('\t', '        '),
  };
}

export function listOf(texts: readonly string[]): PyList {
  return new PyList([...texts]);
}

/** What Node calls a Python encoding; UTF-8 for those that it has not. */
export function encodingOf(encoding: Value | undefined): 'utf8' | 'latin1' | 'utf16le' {
  const name = String(encoding ?? 'utf-8').toLowerCase();
  if (/^(?:latin|iso-?8859|cp1252)/.test(name)) return 'latin1';
  return name.startsWith('utf-16') || name.startsWith('utf_16') ? 'utf16le' : 'utf8';
}

function textItem(item: Value, at: number): string {
  if (typeof item !== 'string')
    raise('TypeError', `sequence item ${at}: expected str instance, ${typeName(item)} found`);
  return item;
}

function stripped(text: string, letters: Value | undefined, isStart: boolean): string {
  if (letters === undefined || letters === null) return isStart ? text.trimStart() : text.trimEnd();
  const all = new Set(String(letters));
  let [from, to] = [0, text.length];
  while (isStart && from < to && all.has(text[from] ?? '')) from++;
  while (!isStart && to > from && all.has(text[to - 1] ?? '')) to--;
  return text.slice(from, to);
}

/** `text.split(by, most)`; `by` is null for any blanks. @throws PythonFault */
export function splitText(text: string, by: Value, most: number): string[] {
  if (by === '') raise('ValueError', 'empty separator');
  if (by === null) {
    const words = text
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '');
    if (most < 0 || words.length <= most) return words;
    const rest = new RegExp(`^\\s*(?:\\S+\\s+){${most}}([\\s\\S]*)$`).exec(text)?.[1] ?? '';
    return [...words.slice(0, most), rest];
  }
  const parts = text.split(String(by));
  return most < 0 || parts.length <= most + 1 ? parts : [...parts.slice(0, most), parts.slice(most).join(String(by))];
}

function splitLast(text: string, by: Value, most: number): string[] {
  const parts = splitText(text, by, -1);
  if (most < 0 || parts.length <= most + 1) return parts;
  const cut = parts.length - most;
  return [parts.slice(0, cut).join(by === null ? ' ' : String(by)), ...parts.slice(cut)];
}

function partition(text: string, by: string, at: number, isLast = false): PyTuple {
  if (at < 0) return new PyTuple(isLast ? ['', '', text] : [text, '', '']);
  return new PyTuple([text.slice(0, at), by, text.slice(at + by.length)]);
}

function replaced(text: string, from: string, to: string, times: number): string {
  const parts = text.split(from);
  if (times < 0 || parts.length <= times + 1) return bounded(parts.join(to));
  return parts.slice(0, times + 1).join(to) + from + parts.slice(times + 1).join(from);
}

function anyOf(what: Value | undefined, test: (part: string) => boolean): boolean {
  return what instanceof PyTuple ? what.items.some((part) => test(String(part))) : test(String(what ?? ''));
}

function placeOf(at: number): bigint {
  return at < 0 ? raise('ValueError', 'substring not found') : BigInt(at);
}

function centered(text: string, width: number, fill: string): string {
  const missing = Math.max(0, width - text.length);
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && width % 2 === 1 ? 1 : 0);
  return fill.repeat(left) + text + fill.repeat(missing - left);
}

function fieldOf(field: string, args: readonly Value[], named: ReadonlyMap<string, Value>): Value {
  const [name = '', ...path] = field.split(/[.[\]]+/).filter((part) => part !== '');
  let value: Value | undefined = /^\d+$/.test(name) ? args[Number(name)] : named.get(name);
  if (value === undefined) {
    if (/^\d*$/.test(name)) raise('IndexError', `Replacement index ${name} out of range for positional args tuple`);
    throw new PythonFault(makeException(exceptionOf('KeyError'), [name]));
  }
  for (const part of path) {
    if (value instanceof PyInstance) value = value.members.get(part) ?? null;
    else if (value instanceof PyDict) value = value.entries.get(keyOf(part))?.[1] ?? null;
    else if (value instanceof PyList || value instanceof PyTuple) value = value.items[Number(part)] ?? null;
  }
  return value;
}

function translated(letter: string, table: Value): string {
  const entry = table instanceof PyDict ? table.entries.get(`n${letter.codePointAt(0) ?? 0}`) : undefined;
  if (!entry) return letter;
  const to = numberOf(entry[1]);
  return entry[1] === null ? '' : to === undefined ? String(entry[1]) : String.fromCodePoint(Number(to));
}
