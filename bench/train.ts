import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { measureCerberus } from './child.ts';
import { writeLines } from './make-lines.ts';

/**
 * `npm run bench -- train [--lines N] [--file LOG]`: `cerberus train` on that many stored events, by the clock and by the
 * memory of its process. The events are stored first, by `cerberus replay`; PostgreSQL's own memory is not in it.
 */
export async function benchTrain({ lines = 1_000_000, file }: { lines?: number; file?: string }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = file ?? join(dataDir, 'cowrie.json');
  if (file === undefined) await writeLines(log, lines);
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const env = { CERBERUS_DATA_DIR: dataDir, DATABASE_URL: server.url };
  try {
    const replay = await measureCerberus(['replay', log, '--json'], env);
    const { stored }: { stored: number } = JSON.parse(replay.stdout.trim().split('\n').at(-1) ?? '');
    const train = await measureCerberus(['train', '--json'], env);
    const training: { version: string; promoted: boolean; why: string } = JSON.parse(train.stdout.trim());
    const listed = await measureCerberus(['models', 'list', '--json'], env);
    const { versions }: { versions: { version: string; events: number; comparisons: unknown }[] } = JSON.parse(
      listed.stdout,
    );
    const version = versions.find((one) => one.version === training.version);
    return {
      bench: 'train',
      stored,
      trainedOn: version?.events,
      trainSeconds: Math.round(train.seconds * 10) / 10,
      trainCpuSeconds: train.cpuSeconds,
      peakRssMegabytes: train.peakRssMegabytes,
      promoted: training.promoted,
      comparisons: version?.comparisons,
    };
  } finally {
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}
