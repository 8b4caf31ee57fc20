import { parentPort, workerData } from 'node:worker_threads';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { openDatabase } from '../../store/database.ts';
import { runTrainJob, type Trained, type TrainJob } from './train-job.ts';

/** What the thread says; the last one is `trained` or `failed`. */
export type TrainMessage =
  | { readonly kind: 'progress'; readonly step: string; readonly done: number }
  | { readonly kind: 'trained'; readonly trained: Trained }
  | { readonly kind: 'failed'; readonly refused: boolean; readonly why: string };

const say = (message: TrainMessage) => parentPort?.postMessage(message);
// `as`: `train-thread.ts` is the only one who starts this file, with a TrainJob.
const job = workerData as TrainJob;
const database = openDatabase({ url: job.databaseUrl, applicationName: 'cerberus train', connectionsMax: 2 });
try {
  say({
    kind: 'trained',
    trained: await runTrainJob(job, database, (step, done) => say({ kind: 'progress', step, done })),
  });
} catch (error) {
  const refused = error instanceof CerberusError && error.code === 'TRAINING_REFUSED';
  const why = error instanceof CerberusError ? error.detail : String(error instanceof Error ? error.stack : error);
  say({ kind: 'failed', refused, why });
} finally {
  await database.close();
}
