import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { openReputation } from '../../compose/ask-reputation.ts';
import { createTestClock, type TestClock } from '../../serve/support/test-clock.ts';
import { createAbuseIpdb } from './abuse-ipdb.ts';
import { createAddressList, parseAddressList } from './address-list.ts';
import { createGreyNoise } from './grey-noise.ts';
import type { ReputationProvider } from './provider.ts';
import {
  bad,
  failWith,
  key,
  type LoopbackProviders,
  startLoopbackProviders,
  unseen,
} from './support/loopback-providers.ts';

const noSignal = new AbortController().signal;
const noCache = { find: async () => undefined, keep: async () => undefined };

describe('each provider', () => {
  let loopback: LoopbackProviders;
  beforeEach(async () => {
    loopback = await startLoopbackProviders();
  });
  afterEach(() => loopback.close());

  it.each<[string, (at: { baseUrl: string; apiKey: string }) => ReputationProvider, number, string]>([
    ['AbuseIPDB', (at) => createAbuseIpdb({ ...at, dailyMax: 9 }), 0.92, '12 reports by 7 people'],
    ['GreyNoise', (at) => createGreyNoise({ ...at, dailyMax: 9 }), 1, 'malicious'],
    [
      'a list',
      ({ baseUrl }) => createAddressList({ url: `${baseUrl}/list`, clock: { now: () => new Date(0) } }),
      1,
      'configured list',
    ],
  ])('%s says what is known of an address, and null where nothing is', async (_name, make, score, words) => {
    const provider = make({ baseUrl: loopback.url, apiKey: key });
    expect(await provider.ask(bad, noSignal)).toEqual({ score, says: expect.stringContaining(words) });
    expect(await provider.ask(unseen, noSignal)).toEqual({ score: null, says: expect.any(String) });
  });

  it('refuses what is no answer: a wrong key, another shape, a redirect, an endless body', async () => {
    const ask = async (apiKey = key) =>
      await createAbuseIpdb({ apiKey, dailyMax: 9, baseUrl: loopback.url }).ask(bad, noSignal);
    await expect(ask('wrong')).rejects.toMatchObject({ status: 401 });
    loopback.faults.push((response) => response.end('{"data":{"abuseConfidenceScore":"high"}}'));
    await expect(ask()).rejects.toThrow();
    loopback.faults.push(failWith(302, { location: 'http://127.0.0.1:1/' }));
    await expect(ask()).rejects.toThrow();
    loopback.faults.push((response) => response.end('x'.repeat(300_000)));
    await expect(ask()).rejects.toThrow('at most');
  });

  it('a list of any text is read without a fault', () => {
    fc.assert(fc.property(fc.string(), (text) => parseAddressList(text)('192.0.2.1') === false));
    const isListed = parseAddressList('192.0.2.0/24\r\n2001:db8::/32 # x\n198.41.0.4,evil\n0.0.0.0/99\n');
    expect(['192.0.2.9', '2001:db8::1', '198.41.0.4', '198.41.0.5'].map(isListed)).toEqual([true, true, true, false]);
  });

  // The same contract against the real ones: CERBERUS_TEST_ABUSEIPDB_KEY, CERBERUS_TEST_GREYNOISE_KEY.
  const real = [
    ['ABUSEIPDB', createAbuseIpdb],
    ['GREYNOISE', createGreyNoise],
  ] as const;
  for (const [name, make] of real) {
    // biome-ignore lint/style/noProcessEnv: the one place where this test may be told of a real account.
    const apiKey = process.env[`CERBERUS_TEST_${name}_KEY`];
    it.skipIf(apiKey === undefined)(
      `${name} itself answers in the form that we read (skipped without a key)`,
      async () => {
        const answer = await make({ apiKey: apiKey ?? '', dailyMax: 1 }).ask('8.8.8.8', noSignal);
        expect(answer.says).not.toBe('');
      },
    );
  }
});

describe('asking', () => {
  let database: TestDatabase;
  let loopback: LoopbackProviders;
  let clock: TestClock;
  let warned: number;
  beforeEach(async () => {
    database = await createTestDatabase();
    loopback = await startLoopbackProviders();
    clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
    warned = 0;
    await database.pool.query(
      `insert into attackers (ip_address, threat_score, network, scanner, first_seen, last_seen) values
         ($1, 0.9, null, null, $3, $3), ($2, 0.5, null, null, $3, $3), ('10.0.0.1', 1, 'private', null, $3, $3),
         ('162.142.125.1', 1, null, 'Censys', $3, $3), ('198.41.0.9', 1, null, null, '2020-01-01', '2020-01-01')`,
      [bad, unseen, clock.now()],
    );
  });
  afterEach(async () => {
    await loopback.close();
    await database.drop();
  });

  it('asks about strangers seen lately, gravest first, once until the answers expire', async () => {
    const { askOnce, reputationOf } = await open();
    expect(await askOnce(noSignal)).toEqual({ asked: 2, answered: 2 });
    expect(loopback.requests.map((url) => /ipAddress=([\d.]+)/.exec(url)?.[1])).toEqual([bad, unseen]);
    expect([reputationOf(bad), reputationOf(unseen), reputationOf(null)]).toEqual([expect.closeTo(0.92), null, null]);
    expect(await askOnce(noSignal)).toEqual({ asked: 0, answered: 0 });
    expect((await open()).reputationOf(bad)).toBeCloseTo(0.92);
    clock.advance(25 * 3_600_000);
    expect((await askOnce(noSignal)).asked).toBe(2);
  });

  it('keeps within the day’s budget, also after a restart', async () => {
    expect((await (await open(1)).askOnce(noSignal)).asked).toBe(1);
    expect((await (await open(1)).askOnce(noSignal)).asked).toBe(0);
    clock.advance(12 * 3_600_000 + 1);
    expect((await (await open(1)).askOnce(noSignal)).asked).toBe(1);
  });

  it('waits as long as it is told to, and asks again afterwards', async () => {
    const { askOnce } = await open();
    loopback.faults.push(failWith(429, { 'retry-after': '60' }));
    expect(await askOnce(noSignal)).toEqual({ asked: 1, answered: 0 });
    expect((await askOnce(noSignal)).asked).toBe(0);
    clock.advance(61_000);
    expect((await askOnce(noSignal)).answered).toBe(2);
    expect(warned).toBe(1);
  });

  it('asks nobody where no provider is configured', async () => {
    const { run } = await openReputation({
      ...{ database, clock, cache: noCache },
      providers: [],
      log: { warn: () => undefined },
    });
    await run(noSignal);
    expect(loopback.requests).toEqual([]);
  });

  async function open(dailyMax = 100) {
    const providers = [createAbuseIpdb({ apiKey: key, dailyMax, baseUrl: loopback.url })];
    return await openReputation({
      ...{ database, clock, cache: noCache, providers },
      log: { warn: () => void warned++ },
    });
  }
});
