import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { startProcess } from './support/engine-process.ts';
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

async function replayAlone(): Promise<void> {
  const file = join(folder, 'whole.json');
  await writeFile(file, `${lines.join('\n')}\n`);
  const replay = startProcess(['replay', '--json', file], { CERBERUS_DATA_DIR: folder, DATABASE_URL: alone.url });
  expect(await replay.untilEnd()).toBe(0);
}
