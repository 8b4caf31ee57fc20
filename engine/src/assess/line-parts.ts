import type { ShellReading } from './shell/statement.ts';

/** More pipelines than this are judged by the whole line alone. */
const partsMax = 32;

/**
 * A line's pipelines, each as the indices of its statements, what runs inside them included. None where the line is a
 * single one, so that there is nothing to judge apart.
 */
export function lineParts({ statements }: ShellReading): number[][] {
  const parts: number[][] = [];
  let end = 0;
  let isAhead = false;
  for (const [at, { name, origin, pipedFrom, span }] of statements.entries()) {
    if (origin === 'typed' && heads.has(name)) continue;
    // What `$(…)` holds is read before the command that it stands in, and joins the part that this opens.
    const opens: boolean = origin === 'typed' ? pipedFrom.length === 0 && !isAhead : span.start >= end && !isAhead;
    const last = parts.at(-1);
    if (opens || last === undefined) parts.push([at]);
    else last.push(at);
    isAhead = origin === 'typed' ? false : opens || isAhead;
    if (origin === 'typed') end = span.end;
    if (parts.length > partsMax) return [];
  }
  return parts.length > 1 ? parts : [];
}

/** What statements hold in their words, a run of indices for each; decoded text is where it stands. None where all was typed. */
export function heldParts({ statements }: ShellReading): number[][] {
  const parts: number[][] = [];
  let open: number[] | null = null;
  for (const [at, { origin }] of statements.entries()) {
    if (origin === 'typed') open = null;
    else if (open !== null) open.push(at);
    else if (parts.length < partsMax) {
      open = [at];
      parts.push(open);
    }
  }
  return parts;
}

/** Heads of loops and the like; what they hold are parts of their own. */
const heads = new Set(['for', 'while', 'until', 'if', 'case', '(', '{', '((', 'function']);
