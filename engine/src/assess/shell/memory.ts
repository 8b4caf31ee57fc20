import type { StatementNode } from 'just-bash';
import { bounds } from './statement.ts';

/** What a shell would know from the commands before: bounded, keyed by what attackers write, so all of it in maps. */
export interface ShellMemory {
  /** Values of variables; `@`, `1` … are what a script or a function was called with, `a[0]` and `a[@]` those of an array. */
  readonly variables: ReadonlyMap<string, string>;
  /** Texts of files that were written, by the last part of their paths, and of the latest `<(…)`. */
  readonly files: ReadonlyMap<string, string>;
  readonly aliases: ReadonlyMap<string, string>;
  readonly functions: ReadonlyMap<string, readonly StatementNode[]>;
  set(name: string, value: string): void;
  setArray(name: string, values: readonly string[]): void;
  write(path: string, text: string, append: boolean): void;
  alias(name: string, text: string): void;
  define(name: string, body: readonly StatementNode[]): void;
  /** Runs `work` with other words in `$0`, `$1`, `$@` …; the first is `$0`. */
  calledWith(words: readonly string[], work: () => void): void;
}

const arrayMax = 16;
const callWordsMax = 9;
/** What a word shows where a command's output is a file: `bash <(…)`. */
export const outputAsFile = '<(…)';

/** What the statements of one line leave to those after them: variables, written files, aliases and functions. */
export function createMemory(): ShellMemory {
  const variables = new Map<string, string>();
  const files = new Map<string, string>();
  const aliases = new Map<string, string>();
  const functions = new Map<string, readonly StatementNode[]>();
  return { variables, files, aliases, functions, set, setArray, write, alias, define, calledWith };

  function set(name: string, value: string): void {
    // What could not be told stays visible as `$name` where it is used.
    if (!value.includes('$')) keep(variables, name, value.slice(0, bounds.wordCharacters));
  }

  function setArray(name: string, values: readonly string[]): void {
    set(name, values[0] ?? '');
    for (const key of [`${name}[@]`, `${name}[*]`]) set(key, values.join(' '));
    for (const [at, value] of values.slice(0, arrayMax).entries()) set(`${name}[${at}]`, value);
  }

  function write(path: string, text: string, append: boolean): void {
    const key = fileKey(path);
    const before = append ? (files.get(key) ?? '') : '';
    keep(files, key, `${before}${text}`.slice(0, bounds.wordCharacters));
  }

  function alias(name: string, text: string): void {
    keep(aliases, name, text);
  }

  function define(name: string, body: readonly StatementNode[]): void {
    keep(functions, name, body);
  }

  function calledWith(words: readonly string[], work: () => void): void {
    const names = ['@', '*', ...Array.from({ length: callWordsMax }, (_, at) => String(at))];
    const before = names.map((name) => variables.get(name));
    const now = [words.slice(1).join(' '), words.slice(1).join(' '), ...words.slice(0, callWordsMax)];
    for (const [at, name] of names.entries()) replace(name, now[at]);
    work();
    for (const [at, name] of names.entries()) replace(name, before[at]);
  }

  function replace(name: string, value: string | undefined): void {
    if (value === undefined) variables.delete(name);
    else keep(variables, name, value);
  }
}

/** `/tmp/x` and `./x` are taken for one file: where the visitor stands is not followed. */
export function fileKey(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.has(key) || map.size < bounds.variables) map.set(key, value);
}
