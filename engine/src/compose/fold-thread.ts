import { Worker } from 'node:worker_threads';
import type { CampaignChanges } from '@cerberusmesh/contract/campaign';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { FoldMessage } from './fold-worker.ts';

export interface FoldJob {
  readonly databaseUrl: string;
  /** Where the files of trained versions are kept. */
  readonly stateDir: string;
  /** The server is ours, on this machine. */
  readonly isEmbedded: boolean;
  /** Of a sensor that writes local time. */
  readonly timeZone: string;
}

export interface FoldThreadParts {
  readonly job: FoldJob;
  readonly clock: Clock;
  readonly log: Pick<Log, 'warn'>;
  /** Told after a batch is durable. */
  readonly onFolded: (changes: Pick<CampaignChanges, 'evidence' | 'merges'>) => void;
  readonly signal: AbortSignal;
}

const heapMegabytesMax = 512;
const restAfterEndMs = 30_000;

/**
 * Folds sessions into campaigns in a thread of its own until the signal. A batch of 200 sessions is parsed in some 100 ms;
 * on the event loop each of them held back the lines that came meanwhile (measured at 2,000 lines a second).
 */
export async function runFoldThread(parts: FoldThreadParts): Promise<void> {
  const { clock, log, signal } = parts;
  while (!signal.aborted) {
    const why = await runOnce(parts);
    if (signal.aborted) return;
    log.warn({ why }, 'The thread that folds sessions into campaigns ended; it is started again.');
    await clock.sleep(restAfterEndMs, signal);
  }
}

/** Why it ended. */
function runOnce({ job, log, onFolded, signal }: FoldThreadParts): Promise<string> {
  const worker = new Worker(new URL('./fold-worker.ts', import.meta.url), {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytesMax, maxYoungGenerationSizeMb: 8 },
  });
  const stop = () => worker.postMessage('stop');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<string>((resolve) => {
    let why = 'It ended by itself.';
    worker.on('message', (message: FoldMessage) => {
      if (message.kind === 'folded') onFolded(message.changes);
      else log.warn({ why: message.why }, 'Sessions could not be folded into campaigns; it is tried again.');
    });
    worker.on('error', (error) => {
      why = String(error);
    });
    worker.on('exit', () => resolve(why));
  }).finally(() => signal.removeEventListener('abort', stop));
}
