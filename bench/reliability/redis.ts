import { Redis } from 'ioredis';
import { systemClock } from '../../engine/src/kit/clock.ts';
import { type RealRedis, startRedis } from '../../engine/test/support/redis.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { untilStored, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';

const key = 'cowrie';

export const redisAway: Scenario = {
  name: 'redis',
  does: 'Redis, whose list is read, is killed and comes back with lines in flight, the engine is killed too, and Redis is emptied',
  run: ({ lines: asked, seconds, say }) =>
    withPlace(async ({ databaseUrl, up }) => {
      const lines = [...makeLines(asked ?? 20_000)];
      const redis = await startRedis();
      const env = { CERBERUS_REDIS_LOG_URL: redis.url, CERBERUS_REDIS_LOG_KEY: key };
      try {
        const third = Math.floor(lines.length / 3);
        const first = await up(env);
        await push(redis, lines.slice(0, third));
        await redis.kill();
        say(`away ${seconds} s`);
        await systemClock.sleep(seconds * 1000);
        await redis.start();
        await push(redis, lines.slice(third, 2 * third));
        await first.kill('SIGKILL');
        const second = await up(env);
        const beforeFlush = await untilStored(databaseUrl, 2 * third);
        await withClient(redis, (client) => client.flushall());
        await push(redis, lines.slice(2 * third));
        await untilStored(databaseUrl, lines.length);
        const checks = await checkLedger(databaseUrl, lines.length);
        await second.kill('SIGTERM');
        return {
          checks: [{ what: 'all stored before it was emptied', expected: true, found: beforeFlush }, ...checks],
          facts: { lines: lines.length, secondsAway: seconds },
        };
      } finally {
        await redis.stop();
      }
    }),
};

async function push(redis: RealRedis, lines: readonly string[]): Promise<void> {
  await withClient(redis, async (client) => {
    for (let at = 0; at < lines.length; at += 500) await client.lpush(key, ...lines.slice(at, at + 500));
  });
}

async function withClient(redis: RealRedis, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(redis.url);
  try {
    await work(client);
  } finally {
    client.disconnect();
  }
}
