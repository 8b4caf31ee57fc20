import { type SearchFields, searchAliases } from './search-fields.ts';
import { readMatches, type SearchMatch } from './search-matches.ts';
import { type SearchFault, type SearchWord, wordsOf } from './search-words.ts';

/**
 * The search language of the API, the command line and the dashboard:
 *
 *     severity:HIGH ip:203.0.113.0/24 "wget http" -user:root (technique:T1105 OR score:>0.8) after:24h
 *
 * Words that stand beside each other must all hold; `OR` binds weaker, `-` turns one around, quotes make a text of
 * anything. Pure, and free of zod, so that the dashboard says what is wrong while it is typed.
 */
export type SearchNode =
  | { readonly kind: 'and' | 'or'; readonly of: readonly SearchNode[] }
  | { readonly kind: 'not'; readonly of: SearchNode }
  /** A free word: a part of what a visitor said. */
  | { readonly kind: 'text'; readonly text: string }
  /** One of the matches must hold. */
  | { readonly kind: 'field'; readonly field: string; readonly matches: readonly SearchMatch[] };

export type SearchResult =
  | { readonly kind: 'search'; readonly node: SearchNode }
  | { readonly kind: 'fault'; readonly fault: SearchFault };

export const searchCharactersMax = 1000;
const wordsMax = 64;
const depthMax = 10;

/** Reads a search over a list that has these fields. An empty text finds everything. */
export function parseSearch(text: string, fields: SearchFields): SearchResult {
  if (text.length > searchCharactersMax) {
    return faultAt(searchCharactersMax, text.length, `at most ${searchCharactersMax} characters`);
  }
  const hidden = text.indexOf('\u0000');
  if (hidden >= 0) return faultAt(hidden, hidden + 1, 'no U+0000, which the database cannot hold');
  const words: SearchWord[] = [];
  for (const word of wordsOf(text)) {
    if (word.kind === 'fault') return word;
    if (words.length >= wordsMax) return faultAt(word.at, text.length, `at most ${wordsMax} words`);
    words.push(word);
  }
  try {
    return { kind: 'search', node: createReader(words, text.length, fields).readAll() };
  } catch (error) {
    if (error instanceof Misread) return { kind: 'fault', fault: error.fault };
    throw error;
  }
}

/** `At character 10: expected a closing quotation mark, not "wget`, counted from 1 as people do. */
export function describeFault(text: string, { at, end, expected }: SearchFault): string {
  const found = at >= text.length ? 'the end' : text.slice(at, Math.min(end, at + 40));
  return `At character ${at + 1}: expected ${expected}, not ${found}`;
}

/** Carries a fault out of the recursion; never leaves this file. */
class Misread extends Error {
  readonly fault: SearchFault;
  constructor(at: number, end: number, expected: string) {
    super(expected);
    this.fault = { at, end, expected };
  }
}

function createReader(words: readonly SearchWord[], length: number, fields: SearchFields) {
  let next = 0;
  return {
    readAll(): SearchNode {
      if (words.length === 0) return { kind: 'and', of: [] };
      const node = readOr(0);
      const left = words[next];
      if (left) throw new Misread(left.at, left.end, 'a word, or an opening parenthesis before');
      return node;
    },
  };

  function readOr(depth: number): SearchNode {
    const of = [readAnd(depth)];
    while (words[next]?.kind === 'or') {
      next++;
      of.push(readAnd(depth));
    }
    return join('or', of);
  }

  function readAnd(depth: number): SearchNode {
    const of = [readOne(depth)];
    for (let word = words[next]; word && word.kind !== 'or' && word.kind !== 'close'; word = words[next]) {
      if (word.kind === 'and') next++;
      of.push(readOne(depth));
    }
    return join('and', of);
  }

  function readOne(depth: number): SearchNode {
    const word = words[next++];
    if (word === undefined) throw new Misread(length, length, 'a word');
    if (depth > depthMax) throw new Misread(word.at, word.end, `at most ${depthMax} levels of - and parentheses`);
    if (word.kind === 'not') return { kind: 'not', of: readOne(depth + 1) };
    if (word.kind === 'value') return readValue(word, fields);
    if (word.kind !== 'open') throw new Misread(word.at, word.end, 'a word');
    const node = readOr(depth + 1);
    const close = words[next++];
    if (close?.kind !== 'close') throw new Misread(close?.at ?? length, close?.end ?? length, 'a closing parenthesis');
    return node;
  }
}

function readValue(word: Extract<SearchWord, { kind: 'value' }>, fields: SearchFields): SearchNode {
  const { field: said, value, at, end, valueAt, quoted } = word;
  if (said === undefined) {
    if (value === '') throw new Misread(at, end, 'a word between the quotation marks');
    return { kind: 'text', text: value };
  }
  // `Object.hasOwn`: a field called `constructor` is not one.
  const name = Object.hasOwn(fields, said) ? said : (searchAliases.get(said) ?? said);
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (field === undefined) {
    const known = Object.keys(fields).join(', ');
    throw new Misread(at, valueAt, `one of the fields ${known} (quote a text that has a colon)`);
  }
  const matches = readMatches(field, value, quoted);
  if ('expected' in matches) throw new Misread(valueAt, Math.max(end, valueAt), matches.expected);
  return { kind: 'field', field: name, matches };
}

function join(kind: 'and' | 'or', of: readonly SearchNode[]): SearchNode {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { kind, of };
}

function faultAt(at: number, end: number, expected: string): SearchResult {
  return { kind: 'fault', fault: { at, end, expected } };
}
