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
  if (shell.execWithInheritedStdin) return await shell.execWithInheritedStdin(command, { cwd: shell.cwd });
  return await shell.exec(command, { cwd: shell.cwd });
}

export function quote(word: string): string {
  return `'${word.replace(/'/g, `'\\''`)}'`;
}
