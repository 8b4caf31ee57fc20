import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { ForestFile } from '../anomaly-model.ts';
import type { Credentials } from '../credential-model.ts';
import { didSomething, visitRow, visitRowFeatures } from '../visit/visit-row.ts';
import { growForestFile } from './train-anomaly.ts';

/** The same bound as where sessions are folded. */
const eventsMax = 1_500;

/** Grows the forest over whole sessions from events as honeypots saw them. */
export function trainVisits(events: Iterable<SensorEvent>, credentials: Credentials, version: string) {
  const visits = new Map<string, SensorEvent[]>();
  for (const event of events) {
    if (event.sessionId === null) continue;
    const key = `${event.sensor} ${event.sessionId}`;
    const visit = visits.get(key);
    if (visit === undefined) visits.set(key, [event]);
    else if (visit.length < eventsMax) visit.push(event);
  }
  const rows = [...visits.values()].filter(didSomething).map((visit) => visitRow(visit, credentials.oddness));
  const file: ForestFile = growForestFile(rows, visitRowFeatures, version);
  return { file, sessions: rows.length };
}
