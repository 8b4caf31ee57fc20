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
