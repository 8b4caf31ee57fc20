import type { SimpleCommandNode } from 'just-bash';
import { parseOnce } from './parse-once.ts';
import { isOne, type Statement } from './statements.ts';

/** The commands of `a && b || c`, each to be run by itself; undefined where the list is one command, or cannot be taken apart. */
export function partsOfList({ node, text, after }: Statement): Statement[] | undefined {
  if (node.pipelines.length < 2 || node.background || isOne.test(text)) return undefined;
  const parts: Statement[] = [];
  let start = 0;
  let operator = after;
  for (const { 0: found, index } of [...text.matchAll(/&&|\|\|/g), { 0: '', index: text.length }]) {
    const part = wholeCommand(text.slice(start, index), operator);
    // Within quotes or brackets: the command goes on.
    if (!part) continue;
    parts.push(part);
    start = index + found.length;
    operator = found === '||' ? '||' : '&&';
  }
  return parts.length === node.pipelines.length && start === text.length ? parts : undefined;
}

/** Whether a command before this one of its list ended such that it is passed over. */
export function isPassedOver({ after }: Statement, status: number): boolean {
  return (after === '&&' && status !== 0) || (after === '||' && status === 0);
}

/** What is left of a line, as text. `status` is a command that ends with the status of the one before. */
export function restOf(statements: readonly Statement[], status: string): string {
  return statements.reduce((rest, { text, after }) => {
    if (after === undefined) return rest === '' ? text : `${rest}\n${text}`;
    return `${rest === '' ? status : rest} ${after} ${text}`;
  }, '');
}

/** The simple commands that a statement names itself; those in loops and groups are not looked at. */
export function simpleCommands({ node }: Statement): SimpleCommandNode[] {
  return node.pipelines.flatMap(({ commands }) => commands.filter((command) => command.type === 'SimpleCommand'));
}

function wholeCommand(text: string, after: Statement['after']): Statement | undefined {
  try {
    const [node, ...more] = parseOnce(text).statements;
    if (!node || more.length > 0 || node.pipelines.length !== 1) return undefined;
    return after === undefined ? { node, text } : { node, text, after };
  } catch {
    return undefined;
  }
}
