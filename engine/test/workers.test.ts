import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';
import { type RealRedis, startRedis } from './support/redis.ts';

const kills = 4;
/** Long for a machine that has much else to do. */
const waiting = { timeout: 60_000, interval: 20 };
const lines = [...makeLines(12_000)];

describe('an ingest and two workers with Redis between them', () => {
  let redis: RealRedis;
  let client: Redis;
  let folder: string;
  let database: TestDatabase;
  let alone: TestDatabase;

  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
    folder = await mkdtemp(join(tmpdir(), 'cerberus-workers-'));
    database = await createTestDatabase();
    alone = await createTestDatabase();
  }, 60_000);
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
    await database.drop();
    await alone.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it(`store what one process stores, over ${kills} kills of workers, two flushes of Redis and a rotation`, async () => {
    const log = join(folder, 'cowrie.json');
    await writeFile(log, '');
    const ingest = start('ingest', { COWRIE_LOG_PATH: log, CERBERUS_REDIS_KEY: 'a key for the streams of this test' });
    const workers = [start('worker'), start('worker')];
    const reference = replayAlone(join(folder, 'whole.json'));
    await Promise.all([ingest, ...workers].map((one) => one.untilSaid(/is up/)));
    const share = Math.ceil(lines.length / (kills + 1));
    for (let round = 0; round <= kills; round++) {
      const before = await count(database, 'select count(*) from events');
      await appendFile(log, `${lines.slice(round * share, (round + 1) * share).join('\n')}\n`);
      if (round === kills) break;
      await expect.poll(() => count(database, 'select count(*) from events'), waiting).toBeGreaterThan(before);
      // Random on purpose: a kill must find the worker at any point of a batch. What is asserted holds for all of them.
      await pause(Math.random() * 100);
      const victim = round % 2;
      await workers[victim]?.kill('SIGKILL');
      if (victim === 1) await client.flushall();
      if (round === 2) await rename(log, `${log}.2026-10-01`);
      workers[victim] = start('worker');
      await workers[victim].untilSaid(/is up/);
    }
    await expect.poll(() => count(database, 'select count(*) from events'), waiting).toBe(lines.length);
    for (const one of [ingest, ...workers]) expect(await one.kill('SIGTERM')).toBe(0);
    await reference;
    expect(await told(database)).toEqual(await told(alone));
    const { rows } = await database.pool.query(
      'select bytes_read = bytes_stored + bytes_parked as balanced, lines_duplicate, lines_stored from sources where lines_stored > 0',
    );
    expect(rows).toEqual([{ balanced: true, lines_duplicate: 0, lines_stored: lines.length }]);
    expect(await count(database, 'select sum(events) as count from rollup_hours')).toBe(lines.length);
  }, 240_000);

  function start(role: string, more: Record<string, string> = {}): EngineProcess {
    return startProcess([role], {
      ...{ CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url, REDIS_URL: redis.url, PORT: '0' },
      ...{ CERBERUS_REDIS_KEY: 'a key for the streams of this test', ...more },
    });
  }

  async function replayAlone(file: string): Promise<void> {
    await writeFile(file, `${lines.join('\n')}\n`);
    const replay = startProcess(['replay', '--json', file], { CERBERUS_DATA_DIR: folder, DATABASE_URL: alone.url });
    await replay.untilSaid(/"stored":12000/);
    await replay.untilEnd();
  }
});

/** All that follows from the order in which a session's lines were assessed, and all that is counted. */
async function told(database: TestDatabase): Promise<unknown[]> {
  const { rows } = await database.pool.query(
    `select 'session' as what, session_id as key, state, event_count, command_count, severity, threat_score, techniques from sessions
     union all
     select 'event', id::text, raw_event, 1, 1, severity, threat_score, techniques from events
     union all
     select 'attacker', ip_address, null, total_events, total_sessions, threat_level, threat_score, null from attackers
     order by 1, 2`,
  );
  return rows;
}

async function count(database: TestDatabase, text: string): Promise<number> {
  return Number((await database.pool.query(text)).rows[0].count);
}
