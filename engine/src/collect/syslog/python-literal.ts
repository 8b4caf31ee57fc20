/**
 * Reads what Python's `repr` writes of dicts, lists, texts, numbers, True, False and None: Cowrie's `output_remotesyslog`
 * sends events so. Undefined for anything else; attackers write the texts in it, so keys come in a Map's form and depth is bounded.
 */
export function readPythonLiteral(text: string): unknown {
  let at = 0;
  try {
    const value = readValue(0);
    return text.slice(at).trim() === '' ? value : undefined;
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }

  function readValue(depth: number): unknown {
    if (depth > depthMax) throw new NotALiteral();
    skipBlanks();
    const first = text[at];
    if (first === '{') return readDict(depth);
    if (first === '[') return readItems(']', depth);
    if (first === '(') return readItems(')', depth);
    if (first === "'" || first === '"') return readText(first);
    return readWord();
  }

  function readDict(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    at++;
    while (!takeIf('}')) {
      const key = readValue(depth + 1);
      if (!takeIf(':')) throw new NotALiteral();
      entries.push([String(key), readValue(depth + 1)]);
      if (!takeIf(',') && text[at] !== '}') throw new NotALiteral();
    }
    // Defines own properties, `__proto__` too.
    return Object.fromEntries(entries);
  }

  function readItems(end: string, depth: number): unknown[] {
    const items: unknown[] = [];
    at++;
    while (!takeIf(end)) {
      items.push(readValue(depth + 1));
      if (!takeIf(',') && text[at] !== end) throw new NotALiteral();
    }
    return items;
  }

  function readText(quote: string): string {
    let value = '';
    for (at++; at < text.length; at++) {
      const character = text[at] ?? '';
      if (character === quote) {
        at++;
        return value;
      }
      value += character === '\\' ? readEscape() : character;
    }
    throw new NotALiteral();
  }

  /** Leaves `at` on its last character. */
  function readEscape(): string {
    const kind = text[++at] ?? '';
    const digits = hexDigits.get(kind);
    if (digits === undefined) return simpleEscapes.get(kind) ?? `\\${kind}`;
    const hex = text.slice(at + 1, at + 1 + digits);
    const code = /^[0-9a-f]+$/i.test(hex) && hex.length === digits ? Number.parseInt(hex, 16) : Number.NaN;
    if (!(code <= 0x10ffff)) throw new NotALiteral();
    at += digits;
    return String.fromCodePoint(code);
  }

  function readWord(): unknown {
    const [word = ''] = /^[\w.+-]{1,40}/.exec(text.slice(at, at + 40)) ?? [];
    at += word.length;
    if (words.has(word)) return words.get(word);
    if (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(word)) return Number(word);
    throw new NotALiteral();
  }

  function takeIf(character: string): boolean {
    skipBlanks();
    if (text[at] !== character) return false;
    at++;
    skipBlanks();
    return true;
  }

  function skipBlanks(): void {
    while (text[at] === ' ' || text[at] === '\n') at++;
  }
}

class NotALiteral extends Error {}

const depthMax = 8;
const hexDigits = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);
const simpleEscapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
]);
const words = new Map<string, unknown>([
  ['True', true],
  ['False', false],
  ['None', null],
]);
