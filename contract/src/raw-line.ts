/** A line as a source gave it, with the place it covers. Internal to the engine's fast lane, so a type and no schema. */
export interface RawLine {
  readonly text: string;
  /** Bytes of the source that this line covers, its terminator included. The ledger is a sum of these. */
  readonly coveredBytes: number;
  /** The original bytes, only where `text` does not say them faithfully (invalid UTF-8). */
  readonly bytes?: Buffer;
  /** Set by `collect` when it already knows that the line cannot be read (over the size bound, a run of NUL). */
  readonly unreadable?: { readonly reason: ParkReason; readonly expected: string };
  /**
   * Of a sensor that proved who it is: whose line this is, whatever the line says. Its events' ids are made with this
   * name, so that no sensor can be first with a line of another.
   */
  readonly sensor?: string;
  /** When it came, of lines that somebody pushes: what claims to be of a later time is not believed. */
  readonly receivedEpochMs?: number;
  /** Of a line out of our own archive: the id of its event, which is told from it no more. */
  readonly eventId?: string;
}

/** Why a line was parked. Each has a sentence in docs/operations.md. */
export type ParkReason =
  | 'not_json'
  | 'not_an_object'
  | 'no_eventid'
  | 'bad_timestamp'
  | 'future_timestamp'
  | 'bad_shape'
  | 'cut_line'
  | 'line_too_long'
  | 'nul_run'
  | 'refused_by_database';

export interface ParkedLine {
  readonly reason: ParkReason;
  /** What was expected and what came, in one sentence. */
  readonly explanation: string;
  readonly bytes: Buffer;
  /** Bytes of the source that it covers; `bytes` may be shorter where the line was over the bound. */
  readonly coveredBytes: number;
}

/** What a source hands over: lines, and where reading stands once they are durable. */
export interface LineBatch {
  readonly sourceId: string;
  readonly lines: readonly RawLine[];
  /**
   * Opaque to everybody but the source that made it; plain JSON. It is stored in the transaction that stores the
   * lines, and handed back at the next start.
   */
  readonly position: unknown;
  /** Where reading must stand in the store for this batch to follow on it; null: nowhere yet. Absent: it is not looked at. */
  readonly from?: unknown;
  /**
   * Bytes that reading moved over, counted from file offsets and not from the lines: the ledger compares it with the
   * sum of `coveredBytes`, so a line that is lost or counted twice shows.
   */
  readonly readBytes: number;
  /** Where the lines came over streams: which parts they are. Reading's own position is then kept by whoever put them there. */
  readonly feed?: FeedStep | undefined;
}

/** Parts of a feed's partitions, which become durable together. */
export interface FeedStep {
  readonly feedId: string;
  /** `from` is the latest part that is durable already, 0 for none; `to` the latest of this batch. */
  readonly steps: readonly { readonly partition: number; readonly from: number; readonly to: number }[];
}
