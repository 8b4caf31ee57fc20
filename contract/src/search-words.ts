/**
 * A search cut into words. Positions are characters of the text, `end` exclusive, so that whoever typed it can be shown
 * the place.
 */
export type SearchWord =
  | { readonly kind: 'open' | 'close' | 'or' | 'and' | 'not'; readonly at: number; readonly end: number }
  | {
      readonly kind: 'value';
      readonly at: number;
      readonly end: number;
      /** `ip` of `ip:203.0.113.7`; absent for a free word. */
      readonly field?: string;
      readonly value: string;
      readonly valueAt: number;
      /** In quotes: nothing in it has a meaning of its own. */
      readonly quoted: boolean;
    };

export interface SearchFault {
  readonly at: number;
  readonly end: number;
  /** What would have been right there. */
  readonly expected: string;
}

const operators: ReadonlyMap<string, 'or' | 'and' | 'not'> = new Map([
  ['OR', 'or'],
  ['AND', 'and'],
  ['NOT', 'not'],
]);

/** Every word up to the first fault. */
export function* wordsOf(
  text: string,
): Generator<SearchWord | { readonly kind: 'fault'; readonly fault: SearchFault }> {
  let at = 0;
  while (at < text.length) {
    const character = text.charAt(at);
    if (/\s/.test(character)) at++;
    else if (character === '(' || character === ')') {
      yield { kind: character === '(' ? 'open' : 'close', at, end: ++at };
    } else if (character === '-' && /[^\s)]/.test(text.charAt(at + 1))) {
      yield { kind: 'not', at, end: ++at };
    } else {
      const word = readWord(text, at);
      yield word;
      if (word.kind === 'fault') return;
      at = word.end;
    }
  }
}

function readWord(text: string, at: number): SearchWord | { readonly kind: 'fault'; readonly fault: SearchFault } {
  // Names begin with a letter, so neither an address of IPv6 nor a time of day is taken for a field.
  const field = /^([A-Za-z][A-Za-z_]*):/.exec(text.slice(at, at + 40))?.[1];
  const valueAt = at + (field === undefined ? 0 : field.length + 1);
  const named = field === undefined ? {} : { field: field.toLowerCase() };
  if (text.charAt(valueAt) === '"') {
    const quoted = readQuoted(text, valueAt);
    if (quoted === undefined) {
      return { kind: 'fault', fault: { at: valueAt, end: text.length, expected: 'a closing quotation mark' } };
    }
    return { kind: 'value', at, end: quoted.end, ...named, value: quoted.value, valueAt, quoted: true };
  }
  let end = valueAt;
  while (end < text.length && !/[\s()"]/.test(text.charAt(end))) end++;
  const value = text.slice(valueAt, end);
  const operator = field === undefined ? operators.get(value) : undefined;
  if (operator !== undefined) return { kind: operator, at, end };
  return { kind: 'value', at, end, ...named, value, valueAt, quoted: false };
}

/** `\"` and `\\` stand for themselves; a backslash before anything else is a backslash. */
function readQuoted(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  let value = '';
  for (let end = at + 1; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === '"') return { value, end: end + 1 };
    if (character === '\\' && /["\\]/.test(text.charAt(end + 1))) end++;
    value += text.charAt(end);
  }
  return undefined;
}
