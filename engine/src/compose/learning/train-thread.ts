import { Worker } from 'node:worker_threads';
import type { Trained, TrainJob } from './train-job.ts';
import type { TrainMessage } from './train-worker.ts';

export type TrainOutcome =
  | { readonly kind: 'trained'; readonly trained: Trained }
  | { readonly kind: 'failed'; readonly refused: boolean; readonly why: string };

/** A training that needs more ends, and the engine goes on: the samples it keeps take a few hundred MiB. */
const heapMegabytesMax = 1500;

/** Runs a training in a thread of its own, so that neither the fast lane nor the API waits for it. */
export function runTrainThread(
  job: TrainJob,
  progress: (step: string, done: number) => void,
  signal: AbortSignal,
): Promise<TrainOutcome> {
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax },
  });
  const stop = () => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<TrainOutcome>((resolve) => {
    let outcome: TrainOutcome = { kind: 'failed', refused: false, why: 'It was stopped.' };
    worker.on('message', (message: TrainMessage) => {
      if (message.kind === 'progress') progress(message.step, message.done);
      else outcome = message;
    });
    worker.on('error', (error) => {
      outcome = { kind: 'failed', refused: false, why: String(error) };
    });
    worker.on('exit', () => resolve(outcome));
  }).finally(() => signal.removeEventListener('abort', stop));
}
