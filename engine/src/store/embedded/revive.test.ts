import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemClock } from '../../kit/clock.ts';
import { startEmbeddedPostgres } from './server.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'cerberus-embedded-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

it('a server that was killed is started again at the same address, with what it held; one that runs is left alone', async () => {
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  await ask(server.url, 'create table kept as select 7 as number');
  expect(await server.revive()).toBe(false);
  const folder = String((await ask(server.url, 'show data_directory'))['data_directory']);
  process.kill(Number.parseInt(await readFile(join(folder, 'postmaster.pid'), 'utf8'), 10), 'SIGKILL');
  await untilRevived();
  expect(await ask(server.url, 'select number from kept')).toEqual({ number: 7 });
  await server.release();

  /** The killed server's children hold its memory until they notice; until then it is refused. */
  async function untilRevived(): Promise<void> {
    for (let tries = 0; tries < 100; tries++) {
      if (await server.revive().catch(() => false)) return;
      await systemClock.sleep(100);
    }
    throw new Error('It was not started again.');
  }
});

it('a start that gave up keeps no process from ending, and the next one joins the server that came late', async () => {
  const early = systemClock.now().getTime();
  let looks = 0;
  const impatient = { ...systemClock, now: () => new Date(early + looks++ * 120_000) };
  const fault = await startEmbeddedPostgres({ dataDir, clock: impatient }).catch((error: unknown) => `${error}`);
  const log = /its log (\S+)/.exec(String(fault))?.[1] ?? '';
  expect(process.getActiveResourcesInfo()).not.toContain('ProcessWrap');
  await expect
    .poll(() => readFile(join(dirname(log), 'postmaster.pid'), 'utf8').catch(() => ''), { timeout: 20_000 })
    .toContain('ready');
  const server = await startEmbeddedPostgres({ dataDir, clock: systemClock });
  expect(await ask(server.url, 'select 7 as number')).toEqual({ number: 7 });
  await server.release();
}, 60_000);

async function ask(url: string, text: string): Promise<Record<string, unknown>> {
  const client = new pg.Client({ connectionString: url });
  // Its end is what this test is about.
  client.on('error', () => undefined);
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows[0] ?? {};
}
