import { ParseGivenUp } from '@cerberusmesh/contract/parse-in-time';
import type { StatementNode } from 'just-bash';
import { cutArithmetic } from './cut-arithmetic.ts';
import { parseOnce } from './parse-once.ts';

export interface Statement {
  readonly node: StatementNode;
  readonly text: string;
  /** What stands before it, where it is one command of a list. */
  readonly after?: '&&' | '||';
}

export interface ReadStatements {
  readonly statements: readonly Statement[];
  /** What bash says where it cannot read the line. */
  readonly fault?: string;
}

/** The statements of a line, each to be run by itself, so that output comes in its order and as early as it can. */
export function readStatements(line: string, isTerminal = false): ReadStatements {
  const fault = obviousFault(line);
  if (fault !== undefined) return { statements: [], fault };
  try {
    const { statements } = parseOnce(line);
    const [first] = statements;
    if (
      first &&
      (statements.length === 1 ||
        (isTerminal ? isOneTyped : isOne).test(line) ||
        statements.some(({ sourceText }) => !sourceText))
    ) {
      return { statements: [{ node: wholeNode(statements), text: line }] };
    }
    return {
      // The text of one in the background has its sign already, but not always.
      statements: statements.map((node) => {
        const text = (node.sourceText ?? '').replace(/(?<!&)&\s*$/, '');
        return { node, text: `${text}${node.background ? ' &' : ''}` };
      }),
    };
  } catch (error) {
    return { statements: [], fault: faultText(error, line) };
  }
}

/** Whether bash would show its second prompt and wait for more. */
export function isUnfinished(line: string): boolean {
  if (/(?:^|[^\\])(?:\\\\)*\\$/.test(line) || /(?:\|\||&&|\|)\s*$/.test(line)) return true;
  if (openHereDocument(line) !== undefined) return true;
  // Asked again at each of its lines, a longer one would take the listening thread minutes in all.
  if (line.length > 16_384) return false;
  try {
    parseOnce(line);
    return false;
  } catch (error) {
    const told = error instanceof ParseGivenUp ? cutArithmetic(line) : error instanceof Error ? error.message : '';
    return /got EOF|unexpected EOF/.test(told) || isAtEnd(told, line);
  }
}

/** After `then` or `do` alone the parser misses no end but a command, and names the word that closes. */
function isAtEnd(told: string, line: string): boolean {
  const [, row, column] = /at (\d+):(\d+): syntax error near/.exec(told) ?? [];
  const lines = line.split('\n');
  return Number(row) === lines.length && (lines.at(-1) ?? '').slice(Number(column) - 1).trim() === '';
}

/** What one statement would leave to the next and the interpreter keeps only within a run: arrays, options, documents. */
export const isOne =
  /<<|\$'|\w\+?=\(|\bPIPESTATUS\b|\b(?:declare|typeset|mapfile|readarray|shopt|alias|set|trap|pushd|popd|read -r?a|exec \d*[<>])/;

/** At a terminal what a shell remembers is kept from statement to statement. */
const isOneTyped = /<<|\$'|\bPIPESTATUS\b|\b(?:shopt|set|pushd|popd|exec \d*[<>])/;

function wholeNode(statements: readonly StatementNode[]): StatementNode {
  const [first] = statements;
  if (!first) throw new Error('A script without statements is not run.');
  return { ...first, pipelines: statements.flatMap(({ pipelines }) => pipelines) };
}

/** The word that a here-document of the line still waits for. What stands in quotes, in sums and in documents begins none. */
export function openHereDocument(line: string): string | undefined {
  const waiting: { word: string; dash: boolean }[] = [];
  const token =
    /\\[\s\S]|\$'(?:\\[\s\S]|[^'\\])*(?:'|$)|'[^']*(?:'|$)|"(?:\\[\s\S]|[^"\\])*(?:"|$)|\(\([^()]*(?:\([^()]*\)[^()]*)*\)\)|<<<|<<(-?)[ \t]*(?:['"]([^'"\n]+)['"]|\\?([\w.!-]+))|(?<=[\s;(]|^)#[^\n]*|\n/g;
  for (let found = token.exec(line); found; found = token.exec(line)) {
    const [text, dash, quoted, bare] = found;
    const word = quoted ?? bare;
    if (word !== undefined) waiting.push({ word, dash: dash === '-' });
    if (text !== '\n') continue;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const end = endOfDocument(line, token.lastIndex, next);
      if (end < 0) return next.word;
      token.lastIndex = end;
    }
  }
  return waiting[0]?.word;
}

/** Where the document's last line ends, or -1 where it has none. */
function endOfDocument(text: string, start: number, { word, dash }: { word: string; dash: boolean }): number {
  for (let at = start; at <= text.length; ) {
    const stop = text.indexOf('\n', at);
    const line = text.slice(at, stop < 0 ? undefined : stop);
    if ((dash ? line.replace(/^\t+/, '') : line) === word) return stop < 0 ? text.length : stop;
    if (stop < 0) return -1;
    at = stop + 1;
  }
  return -1;
}

/** What the interpreter's parser lets pass and bash does not. */
function obviousFault(line: string): string | undefined {
  if (/\bcase\b/.test(line)) return undefined;
  const bare = line.replace(/'[^']*'|"(?:\\.|[^"\\])*"|\\.|\$\{[^}]*\}|#.*$|&>>?|[<>]&|>\|/g, '_');
  let before = ';';
  for (const [token] of bare.matchAll(/&&|\|\||\|&|;;|[;|&\n]|[^;|&\s]+/g)) {
    const isOperator = /^(?:&&|\|\||\|&?|;;|;|&)$/.test(token);
    const isOpen = /^(?:&&|\|\||\|&?|;;|;|&|\n)$/.test(before);
    if (isOperator && isOpen) return `syntax error near unexpected token \`${token}'`;
    before = token;
  }
  return /^(?:&&|\|\||\|&?)$/.test(before) ? 'syntax error: unexpected end of file' : undefined;
}

/** `line` is what was read: the interpreter names a word's kind, bash the word. */
function faultText(error: unknown, line: string): string {
  if (error instanceof ParseGivenUp) return cutArithmetic(line);
  const message = error instanceof Error ? error.message : String(error);
  const token = /unexpected token `([^']*)'/.exec(message)?.[1];
  if (token !== undefined) return `syntax error near unexpected token \`${token}'`;
  const matching = /looking for matching `(.)'/.exec(message)?.[1];
  if (matching !== undefined) return `unexpected EOF while looking for matching \`${matching}'`;
  const got = /got (\S+)$/.exec(message)?.[1];
  const [, row, column] = /at (\d+):(\d+)/.exec(message) ?? [];
  const behind = line.split('\n')[Number(row) - 1]?.slice(Number(column) - 1) ?? '';
  const [word] = /^(?:[\w./-]+|;;|&&|\|\||[;|&()<>])/.exec(behind) ?? [];
  if (got !== undefined && /^(?:NAME|WORD|NUMBER)$/.test(got) && word !== undefined)
    return `syntax error near unexpected token \`${word}'`;
  return got === undefined || got === 'EOF'
    ? 'syntax error: unexpected end of file'
    : `syntax error near unexpected token \`${signs[got] ?? got.toLowerCase()}'`;
}

/** What the interpreter calls the signs of the shell. */
const signs: Readonly<Record<string, string>> = {
  ...{ SEMICOLON: ';', NEWLINE: 'newline', PIPE: '|', AMP: '&', AND_IF: '&&', OR_IF: '||', DSEMI: ';;' },
  ...{ LPAREN: '(', RPAREN: ')', LESS: '<', GREAT: '>', DGREAT: '>>', DLESS: '<<', LBRACE: '{', RBRACE: '}' },
};
