import { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestDatabase } from '../../test/support/database.ts';
import { type RealRedis, startRedis } from '../../test/support/redis.ts';
import type { ReputationProvider } from '../assess/reputation/provider.ts';
import { Secret } from '../kit/secret.ts';
import { createTestClock } from '../serve/support/test-clock.ts';
import { openReputation } from './ask-reputation.ts';
import { openSharedCache, type SharedCache } from './shared-cache.ts';

const Answer = z.object({ says: z.string() });
const answer = { says: 'seen scanning' };

describe('the cache in Redis', () => {
  let redis: RealRedis;
  let client: Redis;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.stop();
  });
  beforeEach(async () => {
    await client.flushall();
  });

  it('gives one engine what another with the same key kept, for as long as it holds', async () => {
    const [one, other] = [await open('key-1'), await open('key-1')];
    await one.cache.keep('reputation', '198.51.100.7', answer, 60);
    expect(await other.cache.find('reputation', '198.51.100.7', Answer)).toEqual(answer);
    expect(await other.cache.find('reading', '198.51.100.7', Answer)).toBeUndefined();
    expect(await client.ttl((await client.keys('*'))[0] ?? '')).toBeGreaterThan(50);
    expect(await other.registry.getSingleMetricAsString('cerberus_shared_cache_hit_ratio')).toContain(' 0.5');
    one.cache.close();
    other.cache.close();
  });

  it('shows nothing to who reads Redis, and takes nothing from who writes there', async () => {
    const { cache } = await open('key-1');
    const stranger = await open('key-2');
    await cache.keep('reputation', '198.51.100.7', answer, 60);
    const [name = ''] = await client.keys('*');
    const sealed = (await client.getBuffer(name)) ?? Buffer.alloc(0);
    expect(`${name}${sealed.toString('latin1')}`).not.toMatch(/198|scanning/);
    expect(await stranger.cache.find('reputation', '198.51.100.7', Answer)).toBeUndefined();
    for (const forged of [Buffer.from('{"says":"x"}'), Buffer.alloc(0), flipped(sealed)]) {
      await client.set(name, forged);
      expect(await cache.find('reputation', '198.51.100.7', Answer)).toBeUndefined();
    }
    // What was sealed for one question is no answer to another.
    await cache.keep('reputation', '198.51.100.8', { says: 'harmless' }, 60);
    const names = (await client.keys('*')).filter((each) => each !== name);
    await client.set(name, (await client.getBuffer(names[0] ?? '')) ?? '');
    expect(await cache.find('reputation', '198.51.100.7', Answer)).toBeUndefined();
    await cache.keep('reputation', '198.51.100.9', { says: 1 }, 60);
    expect(await cache.find('reputation', '198.51.100.9', Answer)).toBeUndefined();
    cache.close();
    stranger.cache.close();
  });

  it('knows nothing while Redis is away or wants a password, says so once, and goes on when it is back', async () => {
    const { cache, clock, said } = await open('key-1');
    await cache.keep('reputation', 'a', answer, 60);
    await redis.kill();
    for (let time = 0; time < 3; time++) {
      expect(await cache.find('reputation', 'a', Answer)).toBeUndefined();
      clock.advance(6_000);
    }
    await cache.keep('reputation', 'b', answer, 60);
    expect(said).toEqual(['warn']);
    await redis.start();
    clock.advance(6_000);
    expect(await cache.find('reputation', 'a', Answer)).toEqual(answer);
    expect(said).toEqual(['warn', 'info']);
    cache.close();
    await client.config('SET', 'requirepass', 'a-password');
    const refused = await open('key-1');
    const known = await open('key-1', redis.url.replace('redis://', 'redis://:a-password@'));
    expect(await refused.cache.find('reputation', 'a', Answer)).toBeUndefined();
    expect(await known.cache.find('reputation', 'a', Answer)).toEqual(answer);
    refused.cache.close();
    known.cache.close();
    await client.config('SET', 'requirepass', '');
  });

  it('spares a provider the question that another engine, with a database of its own, asked before', async () => {
    const questions: string[] = [];
    const provider: ReputationProvider = {
      ...{ name: 'somebody', dailyMax: 9, keepHours: 24 },
      async ask(address) {
        questions.push(address);
        return { score: 0.9, says: 'bad' };
      },
    };
    for (const expected of [
      { asked: 1, answered: 1 },
      { asked: 0, answered: 1 },
    ]) {
      const database = await createTestDatabase();
      const { cache, clock } = await open('key-1');
      await database.pool.query(
        `insert into attackers (ip_address, first_seen, last_seen) values ('198.51.100.7', $1, $1)`,
        [clock.now()],
      );
      const log = { warn: () => undefined };
      const reputation = await openReputation({ database, providers: [provider], clock, log, cache });
      expect(await reputation.askOnce(new AbortController().signal)).toEqual(expected);
      expect(reputation.reputationOf('198.51.100.7')).toBe(0.9);
      cache.close();
      await database.drop();
    }
    expect(questions).toEqual(['198.51.100.7']);
  });

  async function open(key: string, url = redis.url) {
    const registry = new Registry();
    const clock = createTestClock(new Date('2026-11-22T00:00:00Z'));
    const said: string[] = [];
    const log = { info: () => void said.push('info'), warn: () => void said.push('warn') };
    const settings = { url: new Secret(url), key: new Secret(key) };
    // `as`: only these two of its settings are read.
    const config = { redis: settings } as Parameters<typeof openSharedCache>[0]['config'];
    const cache: SharedCache = await openSharedCache({ config, installKey: new Uint8Array(32), registry, clock, log });
    return { cache, registry, clock, said };
  }
});

function flipped(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes);
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
  return changed;
}
