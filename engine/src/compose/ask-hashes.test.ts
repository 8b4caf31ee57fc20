import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createHashList, parseHashList } from '../assess/reputation/hash-list.ts';
import {
  badFile,
  failWith,
  key,
  type LoopbackProviders,
  startLoopbackProviders,
  unseenFile,
} from '../assess/reputation/support/loopback-providers.ts';
import { createVirusTotal } from '../assess/reputation/virus-total.ts';
import { createTestClock } from '../serve/support/test-clock.ts';
import { composeHashLookups } from './ask-hashes.ts';

const noSignal = new AbortController().signal;
const now = new Date('2026-11-22T12:00:00Z');
let loopback: LoopbackProviders;
let database: TestDatabase;
beforeEach(async () => {
  loopback = await startLoopbackProviders();
  database = await createTestDatabase();
});
afterEach(async () => {
  await loopback.close();
  await database.drop();
});

it('asks about files of lately by their hashes, once while an answer holds, and about recordings never', async () => {
  await sight(badFile, 'download', now);
  await sight(unseenFile, 'upload', now);
  await sight('11'.repeat(32), 'recording', now);
  await sight('22'.repeat(32), 'download', new Date('2026-11-01T00:00:00Z'));
  const { clock, askOnce } = open();
  expect(await askOnce(noSignal)).toEqual({ asked: 4, answered: 4 });
  expect(await verdicts()).toEqual([
    { sha256: badFile, provider: 'hash-list', score: 1 },
    { sha256: badFile, provider: 'virustotal', score: 1 },
    { sha256: unseenFile, provider: 'hash-list', score: null },
    { sha256: unseenFile, provider: 'virustotal', score: null },
  ]);
  expect((await askOnce(noSignal)).asked).toBe(0);
  clock.advance(7 * 3_600_000);
  // The list's answers are over, and VirusTotal's hold.
  expect((await askOnce(noSignal)).asked).toBe(2);
  expect(loopback.requests.filter((url) => url.startsWith('/api/v3/files/'))).toHaveLength(2);
});

it('keeps to its budget and to Retry-After; what is not answered stays unknown', async () => {
  await sight(badFile, 'download', now);
  const { clock, askOnce } = open(1);
  loopback.faults.push(failWith(429, { 'retry-after': '60' }));
  expect(await askOnce(noSignal)).toEqual({ asked: 2, answered: 1 });
  clock.advance(61_000);
  expect(await askOnce(noSignal)).toEqual({ asked: 0, answered: 0 });
  expect((await verdicts()).map(({ provider }) => provider)).toEqual(['hash-list']);
});

it('a list of any text is read without a fault', () => {
  fc.assert(fc.property(fc.string(), (text) => parseHashList(text).size === 0));
  expect([...parseHashList(`${badFile}  name\r\n"${unseenFile}","x"\n${badFile}ab\n`)]).toEqual([badFile, unseenFile]);
});

function open(dailyMax = 100) {
  const clock = createTestClock(now);
  const providers = [
    createVirusTotal({ apiKey: key, dailyMax, baseUrl: loopback.url }),
    createHashList({ url: `${loopback.url}/hashes`, clock }),
  ];
  const cache = { find: async () => undefined, keep: async () => undefined };
  return { clock, ...composeHashLookups({ database, providers, clock, log: { warn: () => undefined }, cache }) };
}

async function sight(sha256: string, kind: string, seenAt: Date): Promise<void> {
  await database.pool.query(
    `insert into artifact_sightings (event_id, seen_at, sensor, session_id, kind, named_sha256, path, is_repeat, state)
     values (gen_random_uuid(), $3, 's', 's1', $2, $1, 'p', false, 'elsewhere')`,
    [sha256, kind, seenAt],
  );
}

async function verdicts(): Promise<{ sha256: string; provider: string; score: number | null }[]> {
  return (await database.pool.query('select sha256, provider, score from artifact_verdicts order by 1, 2')).rows;
}
