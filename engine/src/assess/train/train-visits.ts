import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { ForestFile } from '../anomaly-scorer.ts';
import type { Credentials } from '../credential-model.ts';
import { visitRowFeatures } from '../visit/visit-row.ts';
import { createVisitTally, type VisitTally } from '../visit/visit-tally.ts';
import { growForestFile } from './train-anomaly.ts';

/** Grows the forest over whole sessions from events as honeypots saw them. */
export function trainVisits(events: Iterable<SensorEvent>, credentials: Credentials, version: string) {
  const visits = new Map<string, VisitTally>();
  for (const event of events) {
    if (event.sessionId === null) continue;
    const key = `${event.sensor} ${event.sessionId}`;
    const visit = visits.get(key) ?? createVisitTally(credentials.oddness);
    visit.add(event);
    visits.set(key, visit);
  }
  const rows = [...visits.values()]
    .filter((visit) => visit.didSomething())
    .map((visit) => Float32Array.from(visit.numbers()));
  const file: ForestFile = growForestFile(rows, visitRowFeatures, version);
  return { file, sessions: rows.length };
}
