import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { CampaignChanges } from '@cerberusmesh/contract/campaign';
import { systemClock } from '../kit/clock.ts';
import { openDatabase } from '../store/database.ts';
import { keepFolding } from './fold-sessions.ts';
import type { FoldJob } from './fold-thread.ts';
import { createCurrentVisits } from './learning/current-visits.ts';

/** What the thread says after each batch that is durable, and of each that failed. */
export type FoldMessage =
  | { readonly kind: 'folded'; readonly changes: Pick<CampaignChanges, 'evidence' | 'merges'> }
  | { readonly kind: 'failed'; readonly why: string };

const lowPriority = 10;
const say = (message: FoldMessage) => parentPort?.postMessage(message);
// `as`: `fold-thread.ts` is the only one who starts this file, with a FoldJob.
const job = workerData as FoldJob;
// Lines that come now go first: on Linux this is the priority of this thread alone, elsewhere there is no such thing.
if (process.platform === 'linux') setPriority(lowPriority);
const database = openDatabase({
  url: job.databaseUrl,
  applicationName: 'cerberus fold',
  connectionsMax: 2,
  givesWay: job.isEmbedded,
});
const stopping = new AbortController();
// Whatever it is told means that it is to end.
parentPort?.once('message', () => stopping.abort());
try {
  await keepFolding({
    ...{ database, clock: systemClock, timeZone: job.timeZone, signal: stopping.signal },
    currentVisits: createCurrentVisits(database.pool, job.stateDir),
    onFolded: ({ evidence, merges }) => say({ kind: 'folded', changes: { evidence, merges } }),
    onFailure: (error) => say({ kind: 'failed', why: String(error instanceof Error ? error.stack : error) }),
  });
} finally {
  await database.close();
}
