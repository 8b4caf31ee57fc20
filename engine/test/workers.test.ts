import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { startProcess } from './support/engine-process.ts';
import { startIngest, startWork } from './support/feeds.ts';
import { type RealRedis, startRedis } from './support/redis.ts';
import { readAllTold, readFleetLedger, storeOverKills } from './support/worker-fleet.ts';

const kills = 4;
const lines = [...makeLines(10_000)];
let redis: RealRedis;
let folder: string;
let database: TestDatabase;
let alone: TestDatabase;

beforeAll(async () => {
  redis = await startRedis();
  folder = await mkdtemp(join(tmpdir(), 'cerberus-workers-'));
  database = await createTestDatabase();
  alone = await createTestDatabase();
}, 60_000);
afterAll(async () => {
  await redis.stop();
  await database.drop();
  await alone.drop();
  await rm(folder, { recursive: true, force: true });
});

it(`an ingest and two workers store what one process stores, over ${kills} kills of workers, one of the ingest, flushes of Redis and a rotation`, async () => {
  const reference = replayAlone();
  await storeOverKills({ database, databaseUrl: database.url, redisUrl: redis.url, folder }, lines, kills);
  await reference;
  const [told, expected] = [await readAllTold(database), await readAllTold(alone)];
  expect(told.length).toBe(expected.length);
  // Row by row: of two lists of 12,000 rows a failure would tell nothing.
  for (const [at, row] of told.entries()) expect(row).toEqual(expected[at]);
  expect(await readFleetLedger(database)).toEqual([{ balanced: true, stored: lines.length }]);
}, 300_000);

describe('a log that ingests read', () => {
  let shared: TestDatabase;
  let log: string;
  const ends: (() => Promise<unknown>)[] = [];
  beforeEach(async () => {
    shared = await createTestDatabase();
    log = join(await mkdtemp(join(folder, 'log-')), 'cowrie.json');
    await writeFile(log, '');
    ends.push(startWork(shared, redis.url));
  });
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
    await shared.drop();
  });

  it('two at once is stored whole, each line once, and both tell of each other', async () => {
    const warned = [vi.fn(), vi.fn()];
    for (const warn of warned) ends.push(startIngest(shared, redis.url, log, warn));
    for (let at = 0; at < 900; at += 100) {
      await appendFile(log, `${lines.slice(at, at + 100).join('\n')}\n`);
      await expect.poll(() => countEvents(shared), { timeout: 60_000 }).toBe(at + 100);
    }
    await expect.poll(() => warned.some(({ mock }) => mock.calls.length > 0), { timeout: 60_000 }).toBe(true);
    expect(warned.flatMap(({ mock }) => mock.calls.map(([, said]) => said))).toContainEqual(
      expect.stringContaining('another engine reads the same log'),
    );
    expect(await readFleetLedger(shared)).toEqual([{ balanced: true, stored: 900 }]);
  }, 120_000);

  it('is read again where the database has become an older copy of itself', async () => {
    ends.push(startIngest(shared, redis.url, log, vi.fn()));
    await appendFile(log, `${lines.slice(0, 500).join('\n')}\n`);
    await expect.poll(() => countEvents(shared), { timeout: 60_000 }).toBe(500);
    await shared.pool.query('truncate events, sessions, sources, feed_positions, decisions, jobs cascade');
    let at = 500;
    // Whoever reads on hears of it with the lines that come next.
    const untilWhole = async () => {
      await appendFile(log, `${lines[at++]}\n`);
      return (await countEvents(shared)) >= at - 1;
    };
    await expect.poll(untilWhole, { timeout: 60_000, interval: 200 }).toBe(true);
    await expect.poll(() => countEvents(shared), { timeout: 60_000 }).toBe(at);
  }, 120_000);
});

async function countEvents({ pool }: TestDatabase): Promise<number> {
  return (await pool.query<{ count: number }>('select count(*)::int as count from events')).rows[0]?.count ?? 0;
}

async function replayAlone(): Promise<void> {
  const file = join(folder, 'whole.json');
  await writeFile(file, `${lines.join('\n')}\n`);
  const replay = startProcess(['replay', '--json', file], { CERBERUS_DATA_DIR: folder, DATABASE_URL: alone.url });
  expect(await replay.untilEnd()).toBe(0);
}
