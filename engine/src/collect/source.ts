import type { LineBatch } from '@cerberusmesh/contract/raw-line';

/** Something that is followed. Faults of the other side are waited out in here and told as a state, never thrown. */
export interface Source {
  /** Ends where its signal aborts. A batch is durable when the next one is asked for. */
  batches(): AsyncIterable<LineBatch>;
  state(): SourceState;
}

export interface SourceState {
  /** False while it cannot be read. */
  readonly active: boolean;
  /** What is there and not stored yet; null where that cannot be known. */
  readonly unreadBytes: number | null;
  /** One sentence: why not, and what to do. */
  readonly problem?: string;
}
