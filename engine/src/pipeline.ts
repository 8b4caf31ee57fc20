import type { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import type { Decision } from '@cerberusmesh/contract/decision';
import type { ParkedLine, RawLine } from '@cerberusmesh/contract/raw-line';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Outcome } from './kit/outcome.ts';

/** A line that became an event, with what the store needs to keep it faithfully. */
export interface NormalizedLine {
  readonly event: SensorEvent;
  /** JSON text that PostgreSQL's jsonb accepts. */
  readonly rawJson: string;
  /** The line as it came, only where `rawJson` had to change it. */
  readonly rawBytes: Buffer | null;
  readonly coveredBytes: number;
}

/** One line gives at most one event; text before a readable end is parked on its own, so a cut line costs no neighbour. */
export interface LineReading {
  readonly line: NormalizedLine | null;
  readonly parked: readonly ParkedLine[];
}

export interface AssessedLine extends NormalizedLine {
  /** Null where no model could be asked: the event is stored as UNKNOWN and analysed later. */
  readonly assessment: Assessment | null;
  /** True for a visit of our own probe: stored, and left out of every statistic. */
  readonly probe: boolean;
}

export type Normalize = (line: RawLine) => LineReading;

export type Assess = (event: SensorEvent, session: SessionState) => { assessment: Assessment; session: SessionState };

export type { Assessment, Decision, Outcome, ParkedLine, RawLine, SensorEvent, SessionState };
