import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { measureCerberus } from './child.ts';
import { writeLines } from './make-lines.ts';

const part = 100_000;
/** A little longer than the lines of a part last. */
const partMs = 6 * 3_600_000;

/**
 * `npm run bench -- growth [--lines N]`: the cost of 100,000 lines stored on top of ever more; each part has another seed
 * and goes on in time where the last one ended, as a log does. Processor time of the engine and wall time, per event; noise of the machine is in both.
 */
export async function benchGrowth({ lines = 1_000_000 }: { lines?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = join(dataDir, 'cowrie.json');
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const steps: { storedBefore: number; microsecondsPerEvent: number; cpuMicrosecondsPerEvent: number }[] = [];
  try {
    for (let stored = 0; stored < lines; stored += part) {
      await writeLines(log, part, stored + 1, Date.UTC(2026, 0, 1) + (stored / part) * partMs);
      const run = await measureCerberus(['replay', log, '--json'], {
        CERBERUS_DATA_DIR: dataDir,
        DATABASE_URL: server.url,
      });
      const report: { stored: number; seconds: number } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
      steps.push({
        storedBefore: stored,
        microsecondsPerEvent: Math.round((report.seconds * 1e6) / report.stored),
        cpuMicrosecondsPerEvent: Math.round((run.cpuSeconds * 1e6) / report.stored),
      });
    }
    const [first, last] = [steps[0], steps.at(-1)];
    return {
      bench: 'growth',
      steps,
      lastToFirst: first && last && Math.round((last.microsecondsPerEvent / first.microsecondsPerEvent) * 100) / 100,
    };
  } finally {
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}
