import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createVisitTally } from './visit-tally.ts';

/** What is told of a visit from its events. */
export const visitRowFeatures = [
  'events',
  'commands',
  'failedLogins',
  'succeededLogin',
  'usernames',
  'passwords',
  'oddestLogin',
  'transfers',
  'tunnels',
  'seconds',
  'eventsPerMinute',
  'medianPause',
  'hour',
  'distinctCommands',
  'meanLength',
  'encodedShare',
];

/**
 * What providers said of the address: 0 harmless to 1 known bad, and whether anybody was asked. Stands last in a row: the
 * shipped forest, which no provider's answer ever trained, does not look at it.
 */
export const reputationFeatures = ['reputation', 'reputationKnown'];

/** One row per whole session: what was typed and tried, how long it took, how quick it was and when. Events in order. */
export function visitRow(
  events: readonly SensorEvent[],
  oddness: (username: string, password: string) => number,
  reputation: number | null = null,
): Float32Array {
  const tally = createVisitTally(oddness);
  for (const event of events) tally.add(event);
  return toVisitRow(tally.numbers(), reputation);
}

/** The row of a visit with its address's reputation: where that is not known, a second number says so. */
export function toVisitRow(numbers: readonly number[], reputation: number | null): Float32Array {
  return Float32Array.of(...numbers, reputation ?? 0, reputation === null ? 0 : 1);
}
