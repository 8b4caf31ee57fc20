import type { Assess } from '@cerberusmesh/contract/between-stages';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { anomalyFeatures, anomalyRow } from '../anomaly-model.ts';
import type { ForestFile } from '../anomaly-scorer.ts';
import { growForest } from '../learn/isolation-forest.ts';
import { createIsolationScore } from '../learn/isolation-score.ts';
import { createRandom } from '../learn/random.ts';
import { startSession } from '../session-state.ts';

const rowsMax = 40_000;
const rowsMin = 500;
const forestOptions = { trees: 60, sampleSize: 256, seed: 5 } as const;

export interface AnomalyTraining {
  readonly file: ForestFile;
  readonly events: number;
  readonly sessions: number;
}

/** Grows the anomaly model from events as a honeypot saw them. `assess` is a stage with the severity model to be used. */
export function trainAnomaly(events: Iterable<SensorEvent>, assess: Assess, version: string): AnomalyTraining {
  const { rows, count, sessions } = collectRows(events, assess);
  return { file: growForestFile(rows, anomalyFeatures, version), events: count, sessions };
}

/** A forest over any rows, with the ranks of its own scores. Throws MODEL_UNUSABLE on too few rows. */
export function growForestFile(
  rows: readonly Float32Array[],
  features: readonly string[],
  version: string,
): ForestFile {
  if (rows.length < rowsMin) {
    throw new CerberusError(
      'MODEL_UNUSABLE',
      `Expected at least ${rowsMin} rows to train an anomaly model, found ${rows.length}; name a folder with more logs.`,
    );
  }
  const forest = growForest(rows, forestOptions);
  const scores = rows.map(createIsolationScore(forest)).sort((a, b) => a - b);
  return {
    kind: 'isolation_forest',
    version,
    features: [...features],
    sampleSize: forest.sampleSize,
    roots: [...forest.roots],
    feature: base64(forest.feature),
    threshold: base64(forest.threshold),
    left: base64(forest.left),
    right: base64(forest.right),
    quantiles: Array.from({ length: 21 }, (_, at) => scores[Math.round((at / 20) * (scores.length - 1))] ?? 0),
  };
}

/** A fair sample of rows (reservoir), so that memory stays bounded whatever is fed. */
function collectRows(events: Iterable<SensorEvent>, assess: Assess) {
  const random = createRandom(forestOptions.seed + 1);
  const states = new Map<string, ReturnType<typeof startSession>>();
  const rows: Float32Array[] = [];
  let count = 0;
  for (const event of events) {
    const key = `${event.sensor} ${event.sessionId ?? event.id}`;
    const session = states.get(key) ?? startSession(event);
    const told = assess(event, session);
    const row = anomalyRow(event, session, {
      severeChance: told.assessment?.severity === 'HIGH' ? 1 : 0,
      oddestLogin: told.session.oddestLogin ?? -1,
    });
    states.set(key, told.session);
    count++;
    if (rows.length < rowsMax) rows.push(row);
    else {
      const place = Math.floor(random() * count);
      if (place < rowsMax) rows[place] = row;
    }
  }
  return { rows, count, sessions: states.size };
}

function base64(array: ArrayBufferView): string {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
}
