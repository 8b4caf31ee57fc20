import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { detectInjection } from '../engine/src/assess/injection/detect-injection.ts';
import { wordsOf } from '../engine/src/assess/injection/label-injection.ts';
import { loggedEvents } from '../engine/src/commands/train.ts';
import { systemClock } from '../engine/src/kit/clock.ts';
import { openDatabase } from '../engine/src/store/database.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { migrate } from '../engine/src/store/migrate.ts';
import { runInjectionSuite } from '../engine/test/injection/run-suite.ts';

const project = join(import.meta.dirname, '..');

/**
 * Unsafe outcomes of the injection suite, with a model that obeys every attempt; and the detector's false alarms on the
 * logs of `data` (default `../shared/data` beside the project; absent, they are left out).
 */
export async function benchInjection({ data }: { data?: string }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-injection-'));
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  const database = openDatabase({ url: server.url, applicationName: 'bench' });
  try {
    await migrate(database);
    const { unsafe, missed, ...counts } = await runInjectionSuite(database);
    return { ...counts, unsafeOutcomes: unsafe.length, unsafe, missed, falseAlarms: falseAlarms(data) };
  } finally {
    await database.close();
    await server.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Nobody attacked a language model in these logs, most of which are older than that art: what is labelled there is wrong. */
function falseAlarms(data: string | undefined) {
  const folder = join(resolve(data ?? join(project, '../shared/data')), 'raw');
  if (!existsSync(folder)) return `not measured: there is no ${data ?? '../shared/data'}/raw`;
  const texts = [...loggedEvents(folder)].map(wordsOf);
  const started = process.cpuUsage();
  const labelled = texts.filter((text) => detectInjection(text) !== undefined);
  const { user, system } = process.cpuUsage(started);
  return { events: texts.length, labelled: labelled.length, cpuMicrosecondsPerEvent: (user + system) / texts.length };
}
