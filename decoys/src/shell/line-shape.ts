import type { StatementNode, WordNode } from 'just-bash';
import { simpleCommands } from './list-parts.ts';
import type { Call } from './program.ts';
import type { Statement } from './statements.ts';

const opensShell = /^(?:.*\/)?(?:sh|bash|ash|dash|su|sudo)$/;

/** Whether a command of a list opens a shell: the rest of the list is that shell's to wait for. */
export function mayEnter(statement: Statement): boolean {
  return simpleCommands(statement).some(({ name, args }) =>
    [name, ...args].some((word) => word && opensShell.test(literal(word))),
  );
}

/** `$-`, by which start files tell whether somebody is there; the interpreter has one for all. */
export function withFlags(text: string, isTerminal: boolean): string {
  return !text.includes('$-') || /'[^']*\$-[^']*'/.test(text)
    ? text
    : text.replaceAll('$-', isTerminal ? 'himBHs' : 'hBc');
}

/** A file that is run is given its first nine words only; the others are in `$@`, where no word holds a blank. */
export function allWords(words: readonly string[], { env }: Call['shell']): string[] {
  const all = words.length > 9 ? (env.get('@') ?? '').split(' ') : [];
  return all.length === words.length ? [...words.slice(0, 9), ...all.slice(9)] : [...words];
}

/** A word as it is written; what is only known when it runs is U+0000. */
export function literal({ parts }: WordNode): string {
  return parts.map((part) => (part.type === 'Literal' ? part.value : '\0')).join('');
}

/** One command that nobody reads but the terminal. */
export function isPlainStatement({ pipelines }: StatementNode): boolean {
  const [pipeline] = pipelines;
  const [command] = pipeline?.commands ?? [];
  if (pipelines.length !== 1 || pipeline?.commands.length !== 1 || command?.type !== 'SimpleCommand') return false;
  return !command.redirections.some(({ operator }) => operator.startsWith('>') || operator.startsWith('&>'));
}

/** Its programs read what is typed: nothing is piped or redirected into them. */
export function hasKeyboard({ pipelines, background }: StatementNode): boolean {
  if (background) return false;
  return pipelines.every(({ commands: [command, ...more] }) => {
    if (more.length > 0 || command?.type !== 'SimpleCommand') return false;
    return !command.redirections.some(({ operator }) => operator.startsWith('<'));
  });
}

/** A line that kills the shell it is typed in, which then has no time for what it does at its end; one at a terminal ignores a mere TERM. */
export const killsShell = /\bkill\s+(?:-9|-KILL|-SIGKILL|-s\s*(?:9|KILL|SIGKILL))\s+(?:\$\$|"\$\$"|\$BASHPID)/;
