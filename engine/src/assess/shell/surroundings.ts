import type { Origin, Span } from './statement.ts';

/** Where a text is read: typed by the visitor, or held by a word that he typed at `span`. */
export interface Surroundings {
  readonly origin: Origin;
  /** Brackets, blocks and texts around it. */
  readonly depth: number;
  /** Texts around it: each was parsed by itself. */
  readonly texts: number;
  readonly span: Span | null;
}

/** Inside a text that is parsed by itself. */
export function insideText(around: Surroundings, origin: Origin, span: Span): Surroundings {
  return { ...inside(around, origin, span), texts: around.texts + 1 };
}

/** Inside brackets, a block or a text. */
export function inside(around: Surroundings, origin: Origin, span: Span): Surroundings {
  return {
    ...around,
    origin: around.origin === 'decoded' ? 'decoded' : origin,
    depth: around.depth + 1,
    span: around.span ?? span,
  };
}
