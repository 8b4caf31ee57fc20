import type { Severity } from '@cerberusmesh/contract/severity';

/** One event as the analyst is shown it. `texts` are the visitor's words, by what they are. */
export interface MaterialEvent {
  readonly id: string;
  readonly type: string;
  /** Seconds since the session began. */
  readonly second: number;
  readonly severity: string;
  readonly techniques: readonly string[];
  readonly texts: readonly (readonly [name: string, text: string])[];
}

/** A session as far as it is shown: the gravest events and the first ones, in the order they happened. */
export interface Material {
  readonly sensor: string;
  readonly sessionId: string;
  readonly sourceIp: string | null;
  readonly protocol: string | null;
  readonly severity: Severity;
  readonly threatScore: number;
  readonly durationSeconds: number;
  readonly eventCount: number;
  readonly commandCount: number;
  readonly events: readonly MaterialEvent[];
}

/** Bounds of what is shown; a session may have a megabyte in one command and a hundred thousand of them. */
export const shownEventsMax = 60;
export const shownTextCharactersMax = 400;
