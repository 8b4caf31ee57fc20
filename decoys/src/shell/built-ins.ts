import { type CommandName, getCommandNames } from 'just-bash';

/** Names that the interpreter brings and no such machine has; each would give the decoy away. */
const withheld: ReadonlySet<string> = new Set([
  'jq',
  'yq',
  'rg',
  'xan',
  'sqlite3',
  'html-to-markdown',
  'help',
  'tree',
  'column',
  'js-exec',
  'curl',
]);

/** The interpreter's own programs that stay: text tools and what the shell needs itself. */
export function builtIns(): CommandName[] {
  // `getCommandNames` gives names as plain strings, and each of them is a CommandName.
  return getCommandNames().filter((name) => !withheld.has(name)) as CommandName[];
}

/** Words of the interpreter itself that are files too: `/usr/bin/printf`. */
const words: ReadonlySet<string> = new Set([
  '[',
  'test',
  'kill',
  'command',
  'type',
  'true',
  'false',
  'echo',
  'printf',
  'pwd',
  'time',
]);
const own: ReadonlySet<string> = new Set<string>(builtIns());

/** Whether the interpreter can run a program of that name; what it cannot it would look for again and again. */
export function isInterpreters(name: string): boolean {
  return own.has(name) || words.has(name);
}
