import { gzipSync } from 'node:zlib';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createFollowDrop } from '../src/collect/s3/follow-drop.ts';
import { type Clock, systemClock } from '../src/kit/clock.ts';
import { findPosition } from '../src/store/sources.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { readLedger, startFollowing } from './support/followed-source.ts';
import { type Moto, startMoto } from './support/moto.ts';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' } };
const identity = { sourceId: 's3 test', kind: 's3', place: 'test' };
let moto: Moto;
let database: TestDatabase;
let client: S3Client;
beforeAll(async () => {
  moto = await startMoto();
  client = new S3Client({ ...access, endpoint: moto.url, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: 'drop' }));
}, 120_000);
afterAll(async () => {
  client.destroy();
  await moto.stop();
});
beforeEach(async () => {
  database = await createTestDatabase();
  return async () => await database.drop();
});

it('objects are read once each, plain and compressed, whatever their names, and again where another content is put', async () => {
  await put('a/late one+é%41.json', someLines(0, 3000));
  await put('a/two.json.gz', gzipSync(someLines(3000, 3010)));
  await put('elsewhere/other.json', someLines(9000, 9001));
  const first = follow('a/');
  await untilStored(3010);
  await put('a/two.json.gz', gzipSync(someLines(3000, 3012)));
  await untilStored(3012);
  await first.stop();
  expect(await readLedger(database, identity.sourceId)).toEqual({
    ...{ stored: 3012, duplicate: 10, parked: 0, balanced: true },
  });

  const second = follow('a/', { position: await findPosition(database.pool, identity.sourceId) });
  await put('a/zero', someLines(3012, 3013));
  await untilStored(3013);
  await second.stop();
  expect(await readLedger(database, identity.sourceId)).toMatchObject({ stored: 3013, duplicate: 10, balanced: true });
}, 60_000);

it('one that is half stored is gone on with in its middle', async () => {
  const text = someLines(0, 4000);
  await put('half/log.gz', gzipSync(text));
  const stop = new AbortController();
  const source = open('half/', { stop });
  const batches = source.batches()[Symbol.asyncIterator]();
  const { value: given } = await batches.next();
  expect(given.lines.length).toBeLessThan(2000);
  stop.abort();
  await batches.return?.(undefined);

  const rest = follow('half/', { position: given.position });
  await untilStored(4000 - given.lines.length);
  await rest.stop();
  expect(await readLedger(database, identity.sourceId)).toMatchObject({ duplicate: 0, balanced: true });
}, 60_000);

it('one that is damaged, too large, or a bomb is told of and costs the others nothing', async () => {
  await put('odd/cut.gz', gzipSync(someLines(0, 2000)).subarray(0, -400));
  await put('odd/large', someLines(5000, 9000));
  await put('odd/bomb.gz', gzipSync(Buffer.alloc(40 * 1024 * 1024, '\n')));
  await put('odd/sound', someLines(2000, 2001));
  const following = follow('odd/', { objectBytesMax: 256 * 1024 });
  await expect
    .poll(() => following.state().problem, { timeout: 30_000 })
    .toMatch(/3 objects of s3:\/\/drop\/odd\/ were not read to their end/);
  await expect.poll(async () => (await findTexts()).includes('echo 2000'), { timeout: 30_000 }).toBe(true);
  expect(following.state().active).toBe(true);
  await following.stop();
  expect((await findTexts()).some((text) => text === 'echo 5000')).toBe(false);
  expect(await readLedger(database, identity.sourceId)).toMatchObject({ parked: 0, balanced: true });
}, 60_000);

it('two engines on one folder store and count each line once, and say what is wrong', async () => {
  await put('both/a', someLines(0, 2500));
  const both = await Promise.all([followOn('both/'), followOn('both/')]);
  await untilStored(2500);
  for (let n = 0; n < 4; n++) {
    await put(`both/${n}`, someLines(2500 + n, 2501 + n));
    await untilStored(2501 + n);
  }
  const problems = () => both.map((one) => one.watched().problem ?? '').join();
  await expect.poll(problems, { timeout: 30_000 }).toContain('stop one of the two');
  await Promise.all(both.map((one) => one.stop()));
  expect(await readLedger(database, identity.sourceId)).toEqual({
    ...{ stored: 2504, duplicate: 0, parked: 0, balanced: true },
  });
}, 60_000);

it('a database that is set back gets what it lost again', async () => {
  await put('back/a', someLines(0, 5));
  const following = await followOn('back/');
  await untilStored(5);
  await database.pool.query('create table older as select * from sources');
  await put('back/b', someLines(5, 9));
  await untilStored(9);
  await database.pool.query(`delete from events where command in ('echo 5', 'echo 6', 'echo 7', 'echo 8')`);
  await database.pool.query('delete from sources');
  await database.pool.query('insert into sources select * from older');
  await put('back/c', someLines(9, 10));
  await untilStored(10);
  await following.stop();
  expect(await readLedger(database, identity.sourceId)).toMatchObject({ stored: 10, duplicate: 0, balanced: true });
}, 60_000);

it('a bucket that is not there is told with what to do, and read when it is', async () => {
  const following = follow('', { bucket: 'later' });
  await expect
    .poll(() => following.state().problem, { timeout: 30_000 })
    .toMatch(/s3:\/\/later\/ cannot.*docs\/aws.md/);
  expect(following.state().active).toBe(false);
  await client.send(new CreateBucketCommand({ Bucket: 'later' }));
  await put('x', someLines(0, 1), 'later');
  await untilStored(1);
  await following.stop();
}, 60_000);

it('an object that is gone before it is read is no fault', async () => {
  await put('gone/a', someLines(0, 1));
  const source = open('gone/', { stop: new AbortController() });
  await client.send(new DeleteObjectCommand({ Bucket: 'drop', Key: 'gone/a' }));
  await put('gone/b', someLines(1, 2));
  const { value } = await source.batches()[Symbol.asyncIterator]().next();
  expect(value.lines).toHaveLength(1);
}, 60_000);

/** Waits, but never for long. */
const hasty: Clock = {
  now: systemClock.now,
  sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 50), signal),
};

interface Opening {
  readonly position?: unknown;
  readonly bucket?: string;
  readonly objectBytesMax?: number;
}

function open(prefix: string, { stop, ...more }: Opening & { stop: AbortController }) {
  const settings = { bucket: 'drop', pollSeconds: 1, objectBytesMax: 1e9, position: undefined, ...more };
  return createFollowDrop({
    ...{ ...access, endpoint: moto.url, sourceId: identity.sourceId, clock: hasty, prefix },
    ...{ ...settings, signal: stop.signal },
  });
}

function follow(prefix: string, more: Opening = {}) {
  const stop = new AbortController();
  const source = open(prefix, { ...more, stop });
  return { ...startFollowing({ database, identity, source, stop }), state: source.state };
}

/** As the engine does: each batch follows on what is stored. */
async function followOn(prefix: string) {
  const stop = new AbortController();
  const find = () => findPosition(database.pool, identity.sourceId);
  const position = await find();
  const source = open(prefix, { stop, position });
  const goBack = { position, findPosition: find, open: (at: unknown) => open(prefix, { stop, position: at }) };
  return startFollowing({ database, identity, source, goBack, stop });
}

async function put(Key: string, Body: string | Buffer, Bucket = 'drop'): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket, Key, Body }));
}

async function untilStored(count: number): Promise<void> {
  await expect
    .poll(async () => (await database.pool.query('select count(*)::int as n from events')).rows[0].n, {
      timeout: 30_000,
    })
    .toBe(count);
}

async function findTexts(): Promise<string[]> {
  const { rows } = await database.pool.query<{ command: string }>('select command from events');
  return rows.map(({ command }) => command);
}

function someLines(from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) {
    const timestamp = new Date(Date.UTC(2026, 9, 1) + at * 1000).toISOString();
    const event = { eventid: 'cowrie.command.input', input: `echo ${at}`, src_ip: '192.0.2.1', session: 's3' };
    text += `${JSON.stringify({ ...event, timestamp, sensor: 'far' })}\n`;
  }
  return text;
}
