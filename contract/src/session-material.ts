import type { Severity } from './severity.ts';

// What a language model or a notice is shown of a session: the store reads it, and both are handed it.

/** One event: what the visitor said is cut, and each of his `texts` is named by what it is. */
export interface EventMaterial {
  readonly id: string;
  readonly type: string;
  /** Seconds since the session began. */
  readonly second: number;
  readonly severity: string;
  readonly techniques: readonly string[];
  readonly texts: readonly (readonly [name: string, text: string])[];
}

/** A session as far as it is shown: the gravest events and the first ones, in the order they happened. */
export interface SessionMaterial {
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
  readonly protocol: string | null;
  readonly severity: Severity;
  readonly threatScore: number;
  readonly durationSeconds: number;
  readonly eventCount: number;
  readonly commandCount: number;
  readonly events: readonly EventMaterial[];
}
