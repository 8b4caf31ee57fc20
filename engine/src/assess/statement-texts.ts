import { readShell } from './shell/read-shell.ts';

const statementsMax = 32_768;

export interface TypedStatement {
  readonly text: string;
  /** The operator after it, `;` at the end of a line: what follows a `|` belongs to what came before. */
  readonly separator: string;
  /** Where it begins in its line, in characters. */
  readonly start: number;
}

/**
 * A command line as the statements that a reader would point at: every command of a pipeline by itself, as typed, in
 * order. What runs inside `sh -c` or `$(…)` belongs to the statement that holds it.
 */
export function typedStatements(line: string): TypedStatement[] {
  const typed = readShell(line).statements.filter(
    ({ origin, depth, name }) => origin === 'typed' && depth === 0 && !blocks.has(name),
  );
  const found: TypedStatement[] = [];
  let end = 0;
  for (const { span } of typed) {
    if (span.end <= end || found.length >= statementsMax) continue;
    const separator = /^\s*(&&|\|\||[;&|])/.exec(line.slice(span.end, span.end + 16))?.[1] ?? ';';
    const start = Math.max(span.start, end);
    found.push({ text: line.slice(start, span.end), separator, start });
    end = span.end;
  }
  return found.length > 0 ? found : [{ text: line, separator: ';', start: 0 }];
}

/** The statements of a line, as they were typed. */
export function statementTexts(line: string): string[] {
  return typedStatements(line).map(({ text }) => text);
}

/** Heads of loops and the like; what they hold is told by itself. */
const blocks = new Set(['for', 'while', 'until', 'if', 'case', '(', '{', '((', 'function']);
