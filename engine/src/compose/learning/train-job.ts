import { join } from 'node:path';
import type { Normalize } from '@cerberusmesh/contract/between-stages';
import { eventIdEpochMs, eventIdFloor } from '@cerberusmesh/contract/event-id';
import { loadRules } from '../../assess/attack/load-rules.ts';
import { loadCredentials } from '../../assess/credential-model.ts';
import { createGatherer, type LearnedEvent } from '../../assess/train/relearn/gather.ts';
import { relearn } from '../../assess/train/relearn/relearn.ts';
import { createNormalize } from '../../normalize/normalize.ts';
import type { Database } from '../../store/database.ts';
import { findCurrentVersion, storeModel } from '../../store/learning/models.ts';
import {
  countEventsSince,
  readLabels,
  readTrainingEvents,
  type TrainingEvent,
} from '../../store/learning/training-events.ts';
import { findReputations } from '../../store/reputations.ts';
import { projectDir } from '../project.ts';
import { openModelFolder } from './model-folder.ts';

export interface TrainJob {
  readonly databaseUrl: string;
  readonly stateDir: string;
  readonly timeZone: string;
  readonly version: string;
  readonly by: string;
  /** Events from here on. */
  readonly sinceMs: number;
}

export interface Trained {
  readonly version: string;
  /** True where no figure is worse than the margin allows. */
  readonly passed: boolean;
  readonly why: string;
  readonly events: number;
  readonly labels: number;
}

const pageEvents = 5000;
/** Reading takes about this share of the time. */
const readingShare = 0.7;

/**
 * Trains a version from stored events and feedback and stores it, not yet in use. Heavy: called in a thread of its own.
 * @throws CerberusError TRAINING_REFUSED
 */
export async function runTrainJob(
  job: TrainJob,
  database: Database,
  progress: (step: string, done: number) => void,
): Promise<Trained> {
  const { pool } = database;
  const parent = await findCurrentVersion(pool);
  const parentFolder = await openModelFolder(pool, job.stateDir, parent);
  const total = await countEventsSince(pool, new Date(job.sinceMs));
  const gatherer = createGatherer(loadCredentials(join(parentFolder, 'credentials.json')));
  const normalize = createNormalize(job.timeZone === 'UTC' ? {} : { timeZone: job.timeZone });
  let read = 0;
  for await (const page of pagesSince(database, job.sinceMs)) {
    for (const row of page) gatherer.add(toLearned(row, normalize));
    read += page.length;
    progress(`reading, ${read} events`, Math.min(1, read / Math.max(1, total)) * readingShare);
  }
  const gathered = gatherer.gathered();
  const labels = await readLabels(pool);
  const visits = [...gathered.visits.trained, ...gathered.visits.heldBack];
  const addresses = new Set(visits.flatMap(({ sourceIp }) => sourceIp ?? []));
  const reputations = await findReputations(pool, [...addresses]);
  const { files, cards, comparisons } = relearn({
    ...{ parentFolder, version: job.version, gathered, labels, reputations },
    rules: loadRules(join(projectDir, 'policy', 'attack')),
    progress: (step, done) => progress(step, readingShare + done * (1 - readingShare)),
  });
  const worse = comparisons.filter(({ passed }) => !passed).map(({ figure }) => figure);
  const why =
    worse.length === 0
      ? `No figure is worse than ${parent}'s by more than its margin (${comparisons.length} compared).`
      : `Worse than ${parent}, or too little to be sure that it is not: ${worse.join('; ')}.`;
  const { events, fromMs, toMs } = gathered;
  const { version, by } = job;
  await storeModel(pool, {
    version,
    parent,
    by,
    events,
    feedback: labels.length,
    fromMs,
    toMs,
    why,
    comparisons,
    cards,
    files,
  });
  return { version, passed: worse.length === 0, why, events, labels: labels.length };
}

/** Pages in order of their ids; the next one is read while this one is worked on. */
async function* pagesSince({ pool }: Database, sinceMs: number): AsyncGenerator<readonly TrainingEvent[]> {
  let next = readTrainingEvents(pool, eventIdFloor(sinceMs), pageEvents);
  for (;;) {
    const page = await next;
    const last = page.at(-1);
    if (last === undefined) return;
    next = readTrainingEvents(pool, last.id, pageEvents);
    // Heard when it is awaited; until then a failure must not count as unheard.
    next.catch(() => undefined);
    yield page;
  }
}

function toLearned(row: TrainingEvent, normalize: Normalize): LearnedEvent {
  const read = normalize({ text: row.line, coveredBytes: 0 }).line?.event;
  return {
    event: {
      id: row.id,
      eventType: row.eventType,
      timestamp: read?.timestamp ?? '',
      epochMs: eventIdEpochMs(row.id),
      sensor: row.sensor,
      sessionId: row.sessionId,
      protocol: read?.protocol ?? null,
      sourceIp: read?.sourceIp ?? null,
      sourcePort: read?.sourcePort ?? null,
      late: read?.late ?? false,
      detail: read?.detail ?? { kind: 'generic' },
    },
    severity: row.severity,
    threatScore: row.threatScore,
  };
}
