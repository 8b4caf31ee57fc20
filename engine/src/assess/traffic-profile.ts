import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';

/** How the events that a model was trained on are spread; what later ones are compared with. */
export const TrafficProfileFile = z.strictObject({
  kind: z.literal('traffic_profile'),
  version: z.string(),
  events: z.int().min(0),
  features: z.array(
    z.strictObject({
      name: z.string(),
      buckets: z.array(z.strictObject({ label: z.string(), count: z.number().min(0) })),
    }),
  ),
});
export type TrafficProfileFile = z.infer<typeof TrafficProfileFile>;

/** What is told of one assessed event; null where the event has no such thing. */
export interface TrafficRow {
  readonly eventType: string;
  readonly severity: string;
  readonly threatScore: number;
  readonly anomalyScore: number;
  /** Of commands only: other events have a meaning by definition. */
  readonly command: {
    readonly length: number;
    readonly confidence: number;
    readonly isKnownShape: boolean | null;
  } | null;
}

/** Counts rows; the hour of the day is left out, since the latest events are always of a few hours. */
export function createTrafficProfile() {
  const features = new Map<string, Map<string, number>>(
    layout.map(({ name, labels }) => [name, new Map(labels.map((label) => [label, 0]))]),
  );
  let events = 0;

  return {
    add(row: TrafficRow): void {
      events++;
      count('event', eventGroup(row.eventType));
      count('severity', row.severity);
      count('threat score', tenth(row.threatScore));
      count('anomaly score', tenth(row.anomalyScore));
      if (row.command === null) return;
      count('command length', lengthBucket(row.command.length));
      count('confidence', tenth(row.command.confidence));
      if (row.command.isKnownShape !== null) count('shape', row.command.isKnownShape ? 'known' : 'unknown');
    },
    toFile: (version: string): TrafficProfileFile => ({
      kind: 'traffic_profile',
      version,
      events,
      features: [...features].map(([name, buckets]) => ({
        name,
        buckets: [...buckets].map(([label, count]) => ({ label, count })),
      })),
    }),
  };

  function count(feature: string, label: string): void {
    const buckets = features.get(feature);
    if (buckets?.has(label)) buckets.set(label, (buckets.get(label) ?? 0) + 1);
  }
}

/** The profile beside a model; undefined where the model has none (it was made before there were profiles). */
export function loadTrafficProfile(path: string): TrafficProfileFile | undefined {
  try {
    return TrafficProfileFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new CerberusError('MODEL_UNUSABLE', `Expected a traffic profile at ${path}; train again.`, cause);
  }
}

const tenths = Array.from({ length: 10 }, (_, at) => `${at / 10}`);
const lengths = ['1', '2', '4', '8', '16', '32', '64', '128', '256', '512', '1024', '2048', '4096'];
const layout = [
  { name: 'event', labels: ['session', 'client', 'login failed', 'login', 'command', 'transfer', 'tunnel', 'other'] },
  { name: 'severity', labels: ['LOW', 'MEDIUM', 'HIGH'] },
  { name: 'threat score', labels: tenths },
  { name: 'anomaly score', labels: tenths },
  { name: 'command length', labels: lengths },
  { name: 'confidence', labels: tenths },
  { name: 'shape', labels: ['known', 'unknown'] },
];

const groups: readonly (readonly [RegExp, string])[] = [
  [/session\.(?:connect|closed|params)$/, 'session'],
  [/\.client\./, 'client'],
  [/login\.failed$/, 'login failed'],
  [/login\.success$/, 'login'],
  [/\.command\./, 'command'],
  [/file_(?:down|up)load/, 'transfer'],
  [/tcpip/, 'tunnel'],
];

function eventGroup(eventType: string): string {
  return groups.find(([form]) => form.test(eventType))?.[1] ?? 'other';
}

function tenth(score: number): string {
  return tenths[Math.min(9, Math.max(0, Math.floor(score * 10)))] ?? '0';
}

function lengthBucket(length: number): string {
  return lengths[Math.min(lengths.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, length)))))] ?? '1';
}
