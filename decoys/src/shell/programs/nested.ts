import type { Call, Result } from '../program.ts';
import { fail } from '../program.ts';
import { coverHelp } from './help.ts';

/** Runs text in a shell below this one. With `"$@"` the words are the command, and never parsed. */
export async function nested(shell: Call['shell'], text: string, words: readonly string[] = []): Promise<Result> {
  if (!shell.exec) return fail('');
  const quoted = words.map(quote).join(' ');
  const plain = text === '"$@"' ? quoted : `${text} ${quoted}`.trim();
  const command = `${coverHelp(plain)}${plain}`;
  // Standard input goes on to what is run, as it does between processes.
  if (shell.execWithInheritedStdin) return await shell.execWithInheritedStdin(command, below(shell));
  return await shell.exec(command, below(shell));
}

/** Runs a command with nothing on its standard input, as `xargs` and `find -exec` do. */
export async function nestedAlone(shell: Call['shell'], words: readonly string[]): Promise<Result> {
  const plain = words.map(quote).join(' ');
  return shell.exec ? await shell.exec(`${coverHelp(plain)}${plain}`, below(shell)) : fail('');
}

/** What a program below is told: the folder, and the variables that are exported. */
function below({ cwd, exportedEnv = {} }: Call['shell']): { cwd: string; env: Record<string, string> } {
  return { cwd, env: exportedEnv };
}

/** As one word of a shell, whatever is in it. */
export function quote(word: string): string {
  return `'${word.replace(/'/g, `'\\''`)}'`;
}
