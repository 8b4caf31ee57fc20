import type { SearchNode } from '@cerberusmesh/contract/search';
import type { TermContext, WriteTerm } from './compile.ts';
import { eventTypeTerm } from './list-terms.ts';
import { wordTerm } from './terms.ts';

/** What the hourly rollup can tell apart. */
const terms = new Map<string, WriteTerm>([
  ['severity', wordTerm('severity')],
  ['type', eventTypeTerm],
  ['sensor', wordTerm('sensor')],
]);

/**
 * What must hold of a row of `rollup_hours` for its hour to have an event that the search finds; null where the rollup
 * cannot say. It may let through an hour without one, never leave one out.
 */
export function hoursCondition(node: SearchNode, context: TermContext): string | null {
  if (!isTold(node)) return null;
  switch (node.kind) {
    case 'and':
    case 'or':
      return `(${node.of
        .map((each) => hoursCondition(each, context))
        .filter((each) => each !== null)
        .join(` ${node.kind} `)})`;
    case 'not':
      return `not ${hoursCondition(node.of, context)}`;
    case 'text':
      return null;
    case 'field':
      return terms.get(node.field)?.(node.matches, context) ?? null;
  }
}

/** Whether the rollup says anything of it. Asked before a parameter is given away that nothing would use. */
function isTold(node: SearchNode): boolean {
  if (node.kind === 'and') return node.of.some(isTold);
  if (node.kind === 'or') return node.of.every(isTold);
  // "Not within what may hold it" would leave hours out, unless the rollup knows it exactly.
  return node.kind === 'not' ? isExact(node.of) : isExact(node);
}

function isExact(node: SearchNode): boolean {
  if (node.kind === 'field') return terms.has(node.field);
  if (node.kind === 'text') return false;
  return node.kind === 'not' ? isExact(node.of) : node.of.length > 0 && node.of.every(isExact);
}
