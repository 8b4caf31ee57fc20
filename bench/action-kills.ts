import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const project = join(import.meta.dirname, '..');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const files = ['actions', 'killed-actions', 'adaptation', 'rotate-key', 'aws'];

const Report = z.object({
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string(), duration: z.number().nullish() })),
    }),
  ),
});

/**
 * Every kind of action killed, and its database taken away, at each of its writes: the suite does the hard ones of these,
 * this all of them, with the real parts that each needs. A file after the other; takes some minutes each.
 */
export async function benchActionKills(): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-action-kills-'));
  try {
    const told: Record<string, object> = {};
    for (const name of files) told[name] = await runFile(name, join(folder, `${name}.json`));
    return told;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runFile(name: string, outputFile: string): Promise<object> {
  const args = ['run', `engine/test/${name}.test.ts`, '--reporter=json', `--outputFile=${outputFile}`];
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: project,
    // biome-ignore lint/style/noProcessEnv: the tests find their parts as `npm test` does.
    env: { ...process.env, CERBERUS_TEST_EVERY_KILL: '1' },
    // What is printed goes beside the report and not into it.
    stdio: ['ignore', 2, 2],
  });
  await once(child, 'close');
  const { testResults } = Report.parse(JSON.parse(await readFile(outputFile, 'utf8')));
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const namesOf = (status: string) => tests.filter((test) => test.status === status).map(({ fullName }) => fullName);
  return {
    passed: namesOf('passed').length,
    failed: namesOf('failed'),
    // A file that did not get as far as its tests.
    faults: testResults.flatMap(({ message }) => (message === '' ? [] : [message])),
    notRun: namesOf('skipped').length + namesOf('pending').length,
    seconds: Math.round(tests.reduce((sum, { duration }) => sum + (duration ?? 0), 0) / 1000),
  };
}
