/** A place in the text as the visitor typed it: characters, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Redirect {
  /** As in the shell: `>`, `>>`, `<`, `2>`, `&>` … */
  readonly operator: string;
  readonly target: string;
}

export interface Variable {
  readonly name: string;
  readonly value: string;
}

/**
 * Where a statement was found: in the text itself, inside another command's argument (`sh -c`, `$(…)`, `find -exec`),
 * or in text that had to be decoded first.
 */
export type Origin = 'typed' | 'nested' | 'decoded';

/** One simple command with quotes, escapes and wrappers taken off: what would run. */
export interface Statement {
  /** Last part of the command's path; empty for a bare assignment or redirection. */
  readonly name: string;
  /** The command as written, with its folder. */
  readonly path: string;
  readonly args: readonly string[];
  /** Wrappers that were taken off, outermost first: `sudo`, `nohup`, `busybox` … */
  readonly via: readonly string[];
  readonly variables: readonly Variable[];
  readonly redirects: readonly Redirect[];
  /** The text on its standard input where that can be told without running anything. */
  readonly stdin: string | null;
  readonly pipedFrom: readonly string[];
  readonly pipedInto: readonly string[];
  readonly background: boolean;
  readonly origin: Origin;
  readonly depth: number;
  /** Name and arguments joined by blanks, at most 2,048 characters. */
  readonly text: string;
  readonly span: Span;
}

export interface ShellReading {
  readonly statements: readonly Statement[];
  /** False where the text is no valid shell and only its words could be read. */
  readonly parsed: boolean;
  /** True where a bound cut the reading short. */
  readonly partial: boolean;
}

/**
 * The budget of one text. Counted, not timed, so that the same text always gives the same reading (but for a text on which
 * the parser comes to no end: `parse-script.ts`). Measured on the
 * worst texts found (thousands of short commands): 145 ms to read and judge, on a busy machine.
 */
export const bounds = {
  /** Cowrie runs at most 16,384 characters; more is logged only. */
  parsedCharacters: 16_384,
  /** Of a longer text, how much of its end is read too. */
  endCharacters: 2_048,
  statements: 256,
  /** Beyond them, of those that fetch, decode, run or keep something: padding must not hide one. */
  tellingStatements: 64,
  /** Blocks, brackets and `$(…)` inside each other; they are of one text, which the parser has read. */
  brackets: 64,
  substitutions: 1_024,
  /** Texts inside each other, each of which is parsed anew. */
  depth: 6,
  decodedCharacters: 65_536,
  nestedTexts: 64,
  /** Beyond them, as with statements. */
  tellingTexts: 16,
  wordCharacters: 8_192,
  words: 512,
  variables: 64,
  statementTextCharacters: 2_048,
} as const;
