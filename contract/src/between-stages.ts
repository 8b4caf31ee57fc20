import type { Assessment, SessionState } from './assessment.ts';
import type { Decision } from './decision.ts';
import type { FeedStep, ParkedLine, RawLine } from './raw-line.ts';
import type { SensorEvent } from './sensor-event.ts';
import type { KnownLure, TouchFinding } from './touch.ts';

// What the stages hand to each other. Nothing here crosses a border, so these are types and no schemas.

/** Unique over sensors, which make their session ids by themselves. */
export function sessionKeyOf({ sensor, sessionId }: Pick<SensorEvent, 'sensor' | 'sessionId'>): string | undefined {
  return sessionId === null ? undefined : `${sensor}\0${sessionId}`;
}

/** One line gives at most one event; text before a readable end is parked on its own, so a cut line costs no neighbour. */
export interface LineReading {
  readonly line: NormalizedLine | null;
  readonly parked: readonly ParkedLine[];
}

/** A line that became an event, with what the store needs to keep it faithfully. */
export interface NormalizedLine {
  readonly event: SensorEvent;
  /** `sessionKeyOf` the event, made once: a batch asks for it six times. */
  readonly sessionKey: string | undefined;
  /** JSON text that PostgreSQL's jsonb accepts. */
  readonly rawJson: string;
  /** The line as it came, only where `rawJson` had to change it. */
  readonly rawBytes: Buffer | null;
  readonly coveredBytes: number;
}

export interface AssessedLine extends NormalizedLine {
  /** Null where no model could be asked: the event is stored as UNKNOWN and analysed later. */
  readonly assessment: Assessment | null;
  /** True for a visit of our own probe: stored, and left out of every statistic. */
  readonly probe: boolean;
  /** Planted secrets that the event uses; absent where it uses none, as nearly all do. */
  readonly touches?: readonly TouchFinding[];
  /** Planted files that the event is the first to read. */
  readonly lureReads?: readonly KnownLure[];
}

export type Normalize = (line: RawLine) => LineReading;

export type Assess = (
  event: SensorEvent,
  session: SessionState,
) => { readonly assessment: Assessment | null; readonly session: SessionState };

/**
 * Where a service assesses: it is asked once for a whole batch, before the batch's events are gone through one by one.
 * Gives an `Assess` that knows the answers. Sessions are asked for by `sessionKeyOf`.
 */
export type AssessAhead = (
  events: readonly SensorEvent[],
  sessionOf: (key: string) => SessionState | undefined,
) => Promise<Assess>;

export interface SessionChange {
  readonly event: SensorEvent;
  readonly assessment: Assessment;
  readonly session: SessionState;
}

/** Work for the slow lane, queued in the transaction of its cause. */
export interface NewJob {
  readonly kind: string;
  /** The same cause queues the same job once. */
  readonly key: string;
  readonly payload: unknown;
  /** Not to be done before. */
  readonly afterSeconds: number;
}

export interface SourceIdentity {
  readonly sourceId: string;
  readonly kind: string;
  /** A path or an address, for people. */
  readonly place: string;
}

/** Everything that one batch of a source changes. */
export interface BatchWrite {
  readonly source: SourceIdentity;
  /** Events that are not stored yet, in the order of the source. */
  readonly lines: readonly AssessedLine[];
  readonly duplicates: { readonly lines: number; readonly bytes: number };
  readonly parked: readonly ParkedLine[];
  /** Of lines that say nothing; the ledger counts them as stored. */
  readonly blankBytes: number;
  /** What assess remembers after this batch, by `sessionKeyOf`. */
  readonly states: ReadonlyMap<string, SessionState>;
  readonly decisions: readonly Decision[];
  /** What else follows from this batch. */
  readonly jobs?: readonly NewJob[];
  readonly position: unknown;
  readonly from?: unknown;
  readonly readBytes: number;
  readonly feed?: FeedStep | undefined;
}

/**
 * Does what of writing a batch needs no database; the function that it gives back does the rest, as often as it is
 * called. It holds none of the lines: they are given to it again, or else a value that the database refuses throws.
 */
export type PrepareWrite = (batch: BatchWrite) => Promise<(whole?: BatchWrite) => Promise<BatchResult>>;

/** What became of a batch: which lines are stored now, and how many the store refused (they are parked). */
export interface BatchResult {
  /** Empty where the lines were not given. */
  readonly stored: readonly AssessedLine[];
  readonly refused: number;
}
