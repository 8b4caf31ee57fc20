interface Told {
  readonly id: string;
  readonly span?: { readonly start: number; readonly end: number } | undefined;
}

/** A piece of a text, and what its words gave away. */
export interface Piece {
  readonly start: number;
  readonly text: string;
  readonly ids: readonly string[];
}

/** Cuts a text where spans begin and end; they may overlap, and reach beyond what is shown of it. */
export function cutBySpans(text: string, told: readonly Told[]): Piece[] {
  const spans = told.flatMap(({ id, span }) => (span ? [{ id, ...span }] : []));
  const cuts = [0, text.length, ...spans.flatMap(({ start, end }) => [start, end])].filter((cut) => cut <= text.length);
  const places = [...new Set(cuts)].sort((a, b) => a - b);
  return places.slice(0, -1).map((start, index) => {
    const end = places[index + 1] ?? text.length;
    const ids = spans.filter((span) => span.start <= start && span.end >= end).map(({ id }) => id);
    return { start, text: text.slice(start, end), ids: [...new Set(ids)] };
  });
}
