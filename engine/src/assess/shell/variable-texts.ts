import { quoteWord } from './script-calls.ts';
import type { Variable } from './statement.ts';

/** Variables whose value a shell, or a program that it starts, runs as a command. */
const commands =
  /^(?:PROMPT_COMMAND|PAGER|MANPAGER|GIT_PAGER|SYSTEMD_PAGER|EDITOR|VISUAL|GIT_EDITOR|GIT_SSH_COMMAND|GIT_SSH|LESSOPEN|BROWSER)$/;
/** Variables that name a file which a shell reads before all else. */
const files = /^(?:BASH_ENV|ENV)$/;
const declarers = /^(?:export|declare|typeset|readonly|env|setenv)$/;

/** Shell texts that variables hold: `PROMPT_COMMAND='…'`, `BASH_ENV=/tmp/.x`, and `$(…)` in an index, `a[$(…)]=1`. */
export function variableTexts(variables: readonly Variable[], name: string, args: readonly string[]): string[] {
  const declared = declarers.test(name) ? args.map(asVariable) : [];
  return [...variables, ...declared].flatMap(({ name: variable, value }) => {
    if (value !== '' && commands.test(variable)) return [value];
    if (value !== '' && files.test(variable)) return [`. ${quoteWord(value)}`];
    return indexTexts(variable);
  });
}

/** The commands of an index, which a shell runs before it looks into the array: `${a[$(…)]}`. */
export function indexTexts(variable: string): string[] {
  const [, index = ''] = /\[(.*)\]$/s.exec(variable) ?? [];
  return /\$\(|`/.test(index) ? [`: ${index}`] : [];
}

function asVariable(word: string): Variable {
  const at = word.indexOf('=');
  return { name: word.slice(0, Math.max(0, at)), value: word.slice(at + 1) };
}
