import { z } from 'zod';

/** How much a single event matters, as if a person in a shell had done it. The meaning of each step is in ARCHITECTURE.md. */
export const Severity = z.enum(['LOW', 'MEDIUM', 'HIGH']);
export type Severity = z.infer<typeof Severity>;

/** What the table holds: an event that was stored while no model could be asked is `UNKNOWN` until it is analysed. */
export const StoredSeverity = z.enum(['UNKNOWN', ...Severity.options]);
export type StoredSeverity = z.infer<typeof StoredSeverity>;

/** An attacker's level grows with repetition and touches, so it has one step more. */
export const ThreatLevel = z.enum([...Severity.options, 'CRITICAL']);
export type ThreatLevel = z.infer<typeof ThreatLevel>;

const ranks: Record<StoredSeverity, number> = { UNKNOWN: -1, LOW: 0, MEDIUM: 1, HIGH: 2 };

/** The graver of two; `UNKNOWN` yields to anything known. */
export function graver<A extends StoredSeverity, B extends StoredSeverity>(a: A, b: B): A | B {
  return ranks[b] > ranks[a] ? b : a;
}

/** Whether `a` is graver than `b`; equals are not. */
export function isGraver(a: StoredSeverity, b: StoredSeverity): boolean {
  return ranks[a] > ranks[b];
}
