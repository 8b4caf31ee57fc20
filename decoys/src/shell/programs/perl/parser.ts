import type { Node, Statement } from './nodes.ts';
import type { Expressions } from './read-variable.ts';
import type { Reader } from './reader.ts';

/** Reads expressions within a text in quotes, and texts that are programs of their own. */
export interface Over {
  readonly expressions: (reader: Reader) => Expressions;
  readonly program: (text: string) => Statement[];
}

/** What the readers of terms and statements share. */
export interface Parser {
  readonly reader: Reader;
  /** With `or`, `and`, `not` and commas. */
  readonly expression: (least?: number) => Node;
  /** What an operator stands between. */
  readonly term: () => Node;
  /** Reads what stands within texts in quotes. */
  readonly over: Over;
  /** Up to a closing sign, which is taken. */
  readonly argumentsTo: (end: string) => Node[];
  /** The words behind an operator that takes a list, without brackets. */
  readonly openArguments: () => Node[];
  /** `{ … }` */
  readonly block: () => Statement[];
  /** Functions that the program names before it calls them. */
  readonly declared: Set<string>;
}

/** How firmly operators bind; those of one row alike. */
export const bind = {
  ...{ or: 1, and: 2, not: 3, comma: 5, assign: 6, choice: 7, range: 8, either: 9, both: 10, bitOr: 11, bitAnd: 12 },
  ...{ equal: 13, relation: 14, named: 15, shift: 16, sum: 17, product: 18, bound: 19, unary: 20, power: 21 },
} as const;
