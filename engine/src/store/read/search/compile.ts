import type { SearchNode } from '@cerberusmesh/contract/search';
import type { SearchMatch } from '@cerberusmesh/contract/search-matches';

/** What a term needs besides its matches. */
export interface TermContext {
  /** Gives a value its parameter. */
  parameter(value: unknown): string;
  readonly now: Date;
}

/** Writes a condition that is true where one of the matches holds. */
export type WriteTerm = (matches: readonly SearchMatch[], context: TermContext) => string;

/** How a list's fields become conditions. */
export interface SearchTerms {
  readonly fields: Readonly<Record<string, WriteTerm>>;
  /** Free words. */
  readonly text: WriteTerm;
}

/** The search as one condition; every value in it is a parameter. */
export function compileSearch(node: SearchNode, terms: SearchTerms, context: TermContext): string {
  switch (node.kind) {
    case 'and':
    case 'or': {
      if (node.of.length === 0) return 'true';
      return `(${node.of.map((each) => compileSearch(each, terms, context)).join(` ${node.kind} `)})`;
    }
    case 'not':
      // Not `not`: where a column is null, its condition is, and the row has to be found.
      return `(${compileSearch(node.of, terms, context)}) is not true`;
    case 'text':
      return terms.text([{ kind: 'is', text: node.text }], context);
    case 'field': {
      const write = terms.fields[node.field];
      // The parser lets only the list's own fields through; a list without a term for one of them is a bug.
      if (write === undefined) throw new Error(`No term for the search field ${node.field}.`);
      return write(node.matches, context);
    }
  }
}

/** The terms that must hold whatever else does. */
export function* demandedTerms(node: SearchNode): Generator<Extract<SearchNode, { kind: 'field' }>> {
  if (node.kind === 'field') yield node;
  else if (node.kind === 'and') for (const each of node.of) yield* demandedTerms(each);
}
