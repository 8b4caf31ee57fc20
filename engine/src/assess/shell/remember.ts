import type { ShellMemory } from './memory.ts';
import type { RunWords } from './nested-text.ts';
import { producedText } from './produced-text.ts';
import type { Redirect } from './statement.ts';

const declaring = /^(?:export|declare|typeset|readonly|local)$/;
const assigned = /^([A-Za-z_]\w{0,63})(\+?)=(.*)$/s;

/** Keeps what a command leaves behind for those after it: variables, aliases, positional words, texts of files. */
export function remember(
  command: RunWords,
  stdin: string | null,
  printed: string | null,
  redirects: readonly Redirect[],
  memory: ShellMemory,
): void {
  const { name, args } = command;
  if (declaring.test(name)) for (const arg of args) assign(arg, memory);
  else if (name === 'alias') for (const arg of args) addAlias(arg, memory);
  else if (name === 'read' && stdin !== null) readInto(args, stdin, memory);
  else if (name === 'printf' && args[0] === '-v')
    memory.set(args[1] ?? '', producedText({ name, args: args.slice(2) }, null) ?? '');
  else if (name === 'set' && args[0] === '--') setPositional(args.slice(1), memory);
  if (printed === null) return;
  for (const { operator, target } of redirects)
    if (/^1?>[>|]?$/.test(operator)) memory.write(target, `${printed}\n`, operator.endsWith('>>'));
  const append = args.includes('-a');
  if (name === 'tee') for (const arg of args) if (!arg.startsWith('-')) memory.write(arg, printed, append);
}

function assign(text: string, memory: ShellMemory): void {
  const [, name, append, value = ''] = assigned.exec(text) ?? [];
  if (name !== undefined) memory.set(name, `${append === '+' ? (memory.variables.get(name) ?? '') : ''}${value}`);
}

function addAlias(text: string, memory: ShellMemory): void {
  const [, name, , value = ''] = assigned.exec(text) ?? [];
  if (name !== undefined) memory.alias(name, value);
}

function readInto(args: readonly string[], stdin: string, memory: ShellMemory): void {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const words = (stdin.split('\n')[0] ?? '').trim().split(/\s+/);
  for (const [at, name] of names.entries())
    memory.set(name, at === names.length - 1 ? words.slice(at).join(' ') : (words[at] ?? ''));
}

function setPositional(words: readonly string[], memory: ShellMemory): void {
  memory.set('@', words.join(' '));
  memory.set('*', words.join(' '));
  for (const [at, word] of words.slice(0, 9).entries()) memory.set(String(at + 1), word);
}
