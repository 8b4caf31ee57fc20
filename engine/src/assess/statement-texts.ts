import { readShell } from './shell/read-shell.ts';

const statementsMax = 32_768;

/**
 * A command line as the statements that a reader would point at: every command of a pipeline by itself, as typed, in
 * order. What runs inside `sh -c` or `$(…)` belongs to the statement that holds it.
 */
export function statementTexts(line: string): string[] {
  const typed = readShell(line).statements.filter(
    ({ origin, depth, name }) => origin === 'typed' && depth === 0 && !blocks.has(name),
  );
  const texts: string[] = [];
  let end = 0;
  for (const { span } of typed) {
    if (span.end <= end || texts.length >= statementsMax) continue;
    texts.push(line.slice(Math.max(span.start, end), span.end));
    end = span.end;
  }
  return texts.length > 0 ? texts : [line];
}

/** Heads of loops and the like; what they hold is told by itself. */
const blocks = new Set(['for', 'while', 'until', 'if', 'case', '(', '{', '((', 'function']);
