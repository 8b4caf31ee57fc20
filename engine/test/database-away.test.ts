import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { type DebianPostgres, findDebianPostgres, startDebianPostgres } from './support/debian-postgres.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

const bin = findDebianPostgres();

// Skipped only where Debian's PostgreSQL is missing: `npm test` installs it as root and names it otherwise.
describe.skipIf(bin === undefined)("on Debian's PostgreSQL, which goes away", () => {
  let server: DebianPostgres;
  let folder: string;
  let up: EngineProcess;
  let url: string;
  beforeAll(async () => {
    server = await startDebianPostgres(bin ?? '');
    folder = await mkdtemp(join(tmpdir(), 'cerberus-away-'));
    up = startProcess(['up'], {
      CERBERUS_DATA_DIR: folder,
      DATABASE_URL: server.url,
      COWRIE_LOG_PATH: join(folder, 'cowrie.json'),
      PORT: '0',
    });
    url = await up.untilSaid(/is up:\s+(\S+)/);
  });
  afterAll(async () => {
    await up.kill('SIGTERM');
    server.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('stores what was written before, while and after the server was away, each line once', async () => {
    const lines = [...makeLines(6000)];
    await write(lines.slice(0, 2000));
    await until(async () => (await countEvents()) === 2000);
    server.crash();
    await write(lines.slice(2000, 4000));
    await until(async () => (await health()).status === 503);
    const sick = await health();
    expect(await sick.json()).toMatchObject({ status: 'unhealthy', database: 'disconnected', logWatcher: 'active' });
    expect(up.said()).toContain('nothing is lost');
    server.start();
    await write(lines.slice(4000));
    await until(async () => (await countEvents()) === 6000);
    await until(async () => (await health()).status === 200);
    expect(await count('select count(*) as count from sources where bytes_read <> bytes_stored + bytes_parked')).toBe(
      0,
    );
    expect(await count('select sum(events) as count from rollup_hours')).toBe(6000);
  }, 120_000);

  it('starts while the server is away, and comes up with it', async () => {
    server.crash();
    const early = startProcess(['migrate'], { CERBERUS_DATA_DIR: folder, DATABASE_URL: server.url });
    await early.untilSaid(/does not answer yet/);
    server.start();
    await early.untilSaid(/at this version already/);
  }, 60_000);

  async function write(lines: readonly string[]): Promise<void> {
    await appendFile(join(folder, 'cowrie.json'), `${lines.join('\n')}\n`);
  }

  async function health(): Promise<Response> {
    return await fetch(`${url}/health`);
  }

  async function countEvents(): Promise<number> {
    return await count('select count(*) as count from events');
  }

  async function count(text: string): Promise<number> {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    const { rows } = await client.query(text);
    await client.end();
    return Number(rows[0].count);
  }
});

/** Waits on a condition, not on a time. */
async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within a minute: ${condition}`);
    await pause(50);
  }
}
