import { appendFile, mkdtemp, rename, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { startSession } from '../assess/assess.ts';
import { aLine, someLines } from '../collect/support/tail-rig.ts';
import { type Clock, systemClock } from '../kit/clock.ts';
import type { Pipeline } from '../pipeline.ts';
import { findPosition } from '../store/sources.ts';
import { composePipeline } from './compose-pipeline.ts';
import { followLog, sourceOf } from './follow-log.ts';

let database: TestDatabase;
let folder: string;
let path: string;
let running: Promise<void>[] = [];
let stop = new AbortController();
beforeEach(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'cerberus-follow-'));
  path = join(folder, 'cowrie.json');
});
afterEach(async () => {
  await stopAll();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it('a log that was rotated away unread is read by the next start, once it was said that following it has begun', async () => {
  await appendFile(path, aLine(0));
  let stored = 0;
  // As if it was killed after the first batch, which says that the log is followed and holds no line.
  const onLines: EngineOptions['onLines'] = async (batch, source, store) =>
    stored++ === 0 ? await store(batch, source) : await new Promise(() => undefined);
  const { followed } = await anEngine({ onLines });
  await followed.begun;
  stop.abort();
  stop = new AbortController();
  running = [];
  await appendFile(path, aLine(1));
  await rename(path, `${path}.2026-11-24`);
  await appendFile(path, aLine(2));
  await anEngine();
  await untilStored(3);
});

it('says that following has begun also where the position was stored before, and where nothing can be read', async () => {
  await appendFile(path, aLine(0));
  const first = await anEngine();
  await first.followed.begun;
  await stopAll();
  const second = await anEngine({ onLines: () => Promise.reject(away) });
  await second.followed.begun;
  await symlink('loop', join(folder, 'loop'));
  path = join(folder, 'loop', 'cowrie.json');
  const third = await anEngine({ onLines: () => Promise.reject(away) });
  await third.followed.begun;
  expect(third.said.join()).toContain(path);
});

it('two engines on one log store each line once, count it once, and say what is wrong', async () => {
  const engines = [await anEngine(), await anEngine()];
  for (let n = 0; n < 6; n++) {
    await appendFile(path, someLines(10 * n, 10 * n + 10));
    await untilStored(10 * n + 10);
  }
  await untilRead();
  expect(await one('select lines_stored::int as lines, bytes_stored::int as bytes from sources')).toEqual({
    lines: 60,
    bytes: (await stat(path)).size,
  });
  expect(engines.flatMap(({ said }) => said).join()).toContain('another engine reads the same log');
  expect(engines.map(({ followed }) => followed.watched().problem ?? '').join()).toContain('stop one of the two');
});

it('after a fail-over to an older copy of the database it goes on from what that has', async () => {
  const engine = await anEngine();
  await appendFile(path, aLine(0));
  await untilStored(1);
  await untilRead();
  await database.pool.query('create table older as select * from sources');
  await appendFile(path, someLines(1, 5));
  await untilStored(5);
  await untilRead();
  await database.pool.query('delete from events where id > (select id from events order by id limit 1)');
  await database.pool.query('delete from sources');
  await database.pool.query('insert into sources select * from older');
  await appendFile(path, aLine(5));
  await untilStored(6);
  await untilRead();
  expect(await one('select lines_stored::int as lines, bytes_read = bytes_stored as balanced from sources')).toEqual({
    lines: 6,
    balanced: true,
  });
  expect(engine.said).toHaveLength(1);
});

it('a log that nobody named is waited for at every start until it was there once, and missed from then on', async () => {
  const isWaiting = async () => {
    const { followed } = await anEngine({ isUsualPlace: true });
    await vi.waitFor(async () => expect(await findPosition(database.pool, sourceOf(path).sourceId)).toBeDefined(), {
      timeout: 20_000,
    });
    return followed.watched().isWaiting;
  };
  expect(await isWaiting()).toBe(true);
  await stopAll();
  expect(await isWaiting()).toBe(true);
  await appendFile(path, aLine(0));
  await untilStored(1);
  await stopAll();
  await rm(path);
  expect(await isWaiting()).toBe(false);
});

it('ends without a fault where it is told to stop while a batch waits for its next try', async () => {
  let tries = 0;
  const onLines = () => {
    tries++;
    return Promise.reject(away);
  };
  await anEngine({ onLines });
  await appendFile(path, aLine(0));
  await vi.waitFor(() => expect(tries).toBeGreaterThan(1), { timeout: 20_000 });
  await expect(stopAll()).resolves.toBeUndefined();
});

async function stopAll(): Promise<void> {
  stop.abort();
  const ending = running;
  running = [];
  stop = new AbortController();
  await Promise.all(ending);
}

interface EngineOptions {
  readonly isUsualPlace?: boolean;
  /** Instead of what stores. */
  readonly onLines?: (
    ...call: [...Parameters<Pipeline['onLines']>, Pipeline['onLines']]
  ) => ReturnType<Pipeline['onLines']>;
}

async function anEngine({ isUsualPlace = false, onLines }: EngineOptions = {}) {
  const said: string[] = [];
  const say = (...words: unknown[]) => void said.push(String(words[1]));
  const find = (sourceId: string) => findPosition(database.pool, sourceId);
  const pipeline = composePipeline({
    ...{ database, clock: systemClock, timeZone: 'UTC', startSession },
    assess: (_event, session) => ({ assessment: null, session }),
    isProbe: () => false,
    assessFailed: () => undefined,
  });
  const followed = followLog({
    ...{ path, isUsualPlace, clock: hasty, signal: stop.signal, onStored: () => undefined },
    ...{ position: await find(sourceOf(path).sourceId), findPosition: find },
    log: { info: () => undefined, warn: say, error: say },
    pipeline: onLines
      ? { ...pipeline, onLines: (batch, source) => onLines(batch, source, pipeline.onLines) }
      : pipeline,
  });
  running.push(followed.run());
  return { followed, said };
}

const away = Object.assign(new Error('the database starts up'), { code: '57P03' });

/** Waits, but never for long. */
const hasty: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 10), signal),
};

async function untilStored(count: number): Promise<void> {
  await vi.waitUntil(async () => (await one('select count(*)::int as count from events'))['count'] === count, 20_000);
}

async function untilRead(): Promise<void> {
  const { size } = await stat(path);
  await vi.waitUntil(async () => (await one('select bytes_read::int as bytes from sources'))['bytes'] === size, 20_000);
}

async function one(text: string): Promise<Record<string, unknown>> {
  const { rows } = await database.pool.query<Record<string, unknown>>(text);
  return rows[0] ?? {};
}
