import { join } from 'node:path';
import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import { createRecordedVisits, recordedSensor } from '../collect/recorded-visits.ts';
import type { Clock } from '../kit/clock.ts';
import type { BatchReport, Pipeline } from '../pipeline.ts';
import { readSource } from '../read-source.ts';
import type { WatchedSource } from '../serve/health.ts';
import { isWorthRetrying } from '../store/database.ts';
import { projectDir } from './project.ts';

const source: SourceIdentity = { sourceId: 'demo', kind: 'recordings', place: 'recordings/' };

/** Never behind: it makes its lines as they are asked for. */
export const watchedDemo: WatchedSource = {
  sourceId: source.sourceId,
  sensor: recordedSensor,
  kind: source.kind,
  active: true,
  lagBytes: 0,
  lastEventAt: null,
};

/** `--demo`: our own recordings as a live attack, into the running system. */
export async function playDemo(options: {
  readonly pipeline: Pipeline;
  readonly clock: Clock;
  readonly onStored: (report: BatchReport) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { pipeline, clock, onStored, signal } = options;
  await readSource({
    source,
    batches: createRecordedVisits({ folder: join(projectDir, 'recordings'), sourceId: source.sourceId, clock, signal }),
    pipeline,
    clock,
    isWorthRetrying,
    onRetry: () => undefined,
    onStored,
    signal,
  });
}
