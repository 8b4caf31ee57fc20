/** What is told of a whole session when it is over. */
export interface VisitVerdict {
  /** Null where too little was typed to tell. */
  readonly actor: 'script' | 'human' | null;
  /** 0 script … 1 human; null as above. */
  readonly actorScore: number | null;
  /** 0 a visit as every day … 1 unlike any in training. */
  readonly anomalyScore: number;
  /** What makes it so, in words; null below 0.8. */
  readonly anomalyWhy: string | null;
  /** How surprising its statements are in their order, 0 to 1; null where nothing was typed. */
  readonly novelty: number | null;
  /** What was never seen, in words with a statement of the visitor's in it; null where nothing was. */
  readonly noveltyWhy: string | null;
}
