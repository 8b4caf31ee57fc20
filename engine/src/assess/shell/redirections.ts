import type { SimpleCommandNode } from 'just-bash';
import type { Stage } from './stage.ts';
import type { Redirect } from './statement.ts';
import { type WordScope, wordText } from './word-text.ts';

/** Where a command reads and writes, and the text that stands in the line for it to read. */
export function redirected(
  redirections: SimpleCommandNode['redirections'],
  scope: WordScope,
): Pick<Stage, 'redirects' | 'heredoc'> {
  const redirects: Redirect[] = [];
  let heredoc: string | null = null;
  for (const { fd, operator, target } of redirections) {
    if (target.type === 'HereDoc') heredoc = wordText(target.content, scope);
    else if (operator === '<<<') heredoc = wordText(target, scope);
    else redirects.push({ operator: `${fd ?? ''}${operator}`, target: wordText(target, scope) });
  }
  return { redirects, heredoc };
}
