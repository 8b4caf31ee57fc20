import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { measureCerberus } from './child.ts';
import { writeLines } from './make-lines.ts';
import { median } from './percentiles.ts';
import { serverCpuSeconds } from './server-cpu.ts';

const part = 100_000;
/** A little longer than the lines of a part last. */
const partMs = 6 * 3_600_000;

/**
 * `npm run bench -- growth [--lines N]`: the cost of 100,000 lines stored on top of ever more; each part has another seed
 * and goes on in time where the last one ended, as a log does. Wall time and processor time of engine and server, per event.
 * `lastToFirst` compares the medians of the last three parts and of the three from 100,000 stored events on.
 */
export async function benchGrowth({ lines = 1_000_000 }: { lines?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = join(dataDir, 'cowrie.json');
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const steps: Step[] = [];
  try {
    for (let stored = 0; stored < lines; stored += part) {
      await writeLines(log, part, stored + 1, Date.UTC(2026, 0, 1) + (stored / part) * partMs);
      const serverBefore = await serverCpuSeconds(server.url);
      const run = await measureCerberus(['replay', log, '--json'], {
        CERBERUS_DATA_DIR: dataDir,
        DATABASE_URL: server.url,
      });
      const report: { stored: number; seconds: number } = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '');
      steps.push({
        storedBefore: stored,
        microsecondsPerEvent: Math.round((report.seconds * 1e6) / report.stored),
        cpuMicrosecondsPerEvent: Math.round((run.cpuSeconds * 1e6) / report.stored),
        serverCpuMicrosecondsPerEvent: Math.round(
          (((await serverCpuSeconds(server.url)) - serverBefore) * 1e6) / report.stored,
        ),
      });
    }
    return {
      bench: 'growth',
      steps,
      lastToFirst: {
        wall: lastToFirst(steps, (step) => step.microsecondsPerEvent),
        cpu: lastToFirst(steps, (step) => step.cpuMicrosecondsPerEvent + step.serverCpuMicrosecondsPerEvent),
      },
    };
  } finally {
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

interface Step {
  readonly storedBefore: number;
  readonly microsecondsPerEvent: number;
  readonly cpuMicrosecondsPerEvent: number;
  readonly serverCpuMicrosecondsPerEvent: number;
}

function lastToFirst(steps: readonly Step[], pick: (step: Step) => number): number {
  return Math.round((median(steps.slice(-3).map(pick)) / median(steps.slice(1, 4).map(pick))) * 100) / 100;
}
