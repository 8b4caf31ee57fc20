import type { TimelineEvent } from '@cerberusmesh/contract/api-sessions';

type Graded = Pick<TimelineEvent, 'severity' | 'threat_score'>;

const ranks: ReadonlyMap<string, number> = new Map([
  ['LOW', 1],
  ['MEDIUM', 2],
  ['HIGH', 3],
]);

/** By severity, then by threat score; the first of equals. Undefined where there is none. */
export function gravestOf<Event extends Graded>(events: readonly Event[]): Event | undefined {
  return events.reduce<Event | undefined>(
    (worst, event) => (worst === undefined || isGraver(event, worst) ? event : worst),
    undefined,
  );
}

function isGraver(a: Graded, b: Graded): boolean {
  const [rankOfA, rankOfB] = [ranks.get(a.severity) ?? 0, ranks.get(b.severity) ?? 0];
  return rankOfA === rankOfB ? (a.threat_score ?? 0) > (b.threat_score ?? 0) : rankOfA > rankOfB;
}
