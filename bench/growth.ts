import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../engine/src/kit/clock.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { measureCerberus } from './child.ts';
import { writeLines } from './make-lines.ts';
import { median } from './percentiles.ts';
import { serverCpuSeconds } from './server-cpu.ts';

const partLinesMin = 100_000;
const partsMax = 40;
/** A little longer than 100,000 lines last. */
const msPerLine = (6 * 3_600_000) / 100_000;

/**
 * `npm run bench -- growth [--lines N]`: the cost of lines stored on top of ever more, in parts of 100,000, or in 40 where
 * that is more; each part has another seed and goes on in time where the last one ended, as a log does. Wall time and
 * processor time of engine and server, per event. `lastToFirst` compares the medians of the last three parts and of the three
 * after the first.
 */
export async function benchGrowth({ lines = 1_000_000 }: { lines?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const log = join(dataDir, 'cowrie.json');
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const part = Math.max(partLinesMin, Math.ceil(lines / partsMax));
  const steps: Step[] = [];
  try {
    for (let stored = 0; stored < lines; stored += part) {
      await writeLines(log, part, stored + 1, Date.UTC(2026, 0, 1) + stored * msPerLine);
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
