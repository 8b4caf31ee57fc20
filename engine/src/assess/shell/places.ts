import { type ScannedWord, scanWords } from './scan-words.ts';
import { bounds, type Span } from './statement.ts';

export const wordsScannedMax = 16 * bounds.statements;
const lookAhead = 256;
const reserved = new Set([
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'do',
  'done',
  'for',
  'while',
  'until',
  'case',
  'esac',
  '{',
  '}',
  'in',
  '!',
]);

/** Finds where commands were typed, since the parser's tree does not say. Asked in the parser's order. */
export interface Places {
  /** The place of the command whose first word is `first`, up to the operator that ends it. */
  command(first: string): Span;
  /** The place of the assignment to `name`. */
  assignment(name: string): Span;
  /** Where the next command starts, which is not taken yet; the last place where there is none. */
  upcoming(): Span;
  /** The place that was found last. */
  latest(): Span;
}

/** Where in `text` each thing stood that was read, so that evidence can be shown in the line as it was typed. */
export function createPlaces(text: string, offset: number): Places {
  const words = scanWords(text, wordsScannedMax, offset);
  let cursor = 0;
  return { command, assignment, upcoming, latest };

  function command(first: string): Span {
    return find((word) => word.text === first) ?? taken(nextCommand()) ?? latest();
  }

  function assignment(name: string): Span {
    return find((word) => word.text.startsWith(name)) ?? latest();
  }

  function upcoming(): Span {
    const at = nextCommand();
    const word = at === null ? undefined : words[at];
    return word === undefined || at === null ? latest() : { start: word.start, end: endOfCommand(at) };
  }

  function latest(): Span {
    const at = Math.max(0, cursor - 1);
    const word = words[at];
    return word === undefined ? { start: 0, end: 0 } : { start: word.start, end: endOfCommand(at) };
  }

  function find(isIt: (word: ScannedWord) => boolean): Span | null {
    for (let at = cursor; at < Math.min(words.length, cursor + lookAhead); at++) {
      const word = words[at];
      if (word !== undefined && !word.operator && isIt(word)) return taken(at);
    }
    return null;
  }

  /** For a command whose first word reads otherwise than it is written, as `$a$b` does. */
  function nextCommand(): number | null {
    for (let at = cursor; at < words.length; at++) {
      const word = words[at];
      const startsCommand = at === 0 || words[at - 1]?.operator === true;
      if (word !== undefined && !word.operator && startsCommand && !reserved.has(word.text)) return at;
    }
    return null;
  }

  function taken(at: number | null): Span | null {
    const word = at === null ? undefined : words[at];
    if (word === undefined || at === null) return null;
    cursor = at + 1;
    return { start: word.start, end: endOfCommand(at) };
  }

  function endOfCommand(at: number): number {
    let end = words[at]?.end ?? 0;
    for (const word of words.slice(at + 1, at + 1 + bounds.words)) {
      if (word.operator && !/[<>]/.test(word.text)) break;
      end = word.end;
    }
    return end;
  }
}
