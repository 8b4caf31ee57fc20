import { reasonOf } from '../../kit/reason-of.ts';
import { connectRedis } from '../../kit/redis-connection.ts';
import { backoffMs } from '../../kit/retry.ts';
import { createLineInbox } from '../line-inbox.ts';
import { decodeLine } from '../raw-lines.ts';
import type { Source } from '../source.ts';
import type { RedisListOptions } from './redis-list.ts';

const backoff = { firstMs: 500, maxMs: 30_000 };

/** Hears Cowrie's events on a channel of Redis. A channel keeps nothing: what is said while nobody listens is lost. */
export function createRedisChannel(options: Omit<RedisListOptions, 'method' | 'reader'>): Source {
  const { sourceId, key, clock, signal } = options;
  const inbox = createLineInbox();
  let problem: string | undefined = 'It is not connected yet.';
  let lost = 0;

  return {
    state() {
      const said =
        problem ??
        (lost > 0 ? `${lost} events came faster than they could be stored, and are lost; use a list.` : undefined);
      const more = said === undefined ? {} : { problem: said };
      return { active: problem === undefined, unreadBytes: inbox.unreadBytes, ...more };
    },
    async *batches() {
      const listening = listen();
      yield* inbox.batches(sourceId, signal);
      await listening;
    },
  };

  async function listen(): Promise<void> {
    let isRoomLeft = true;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const redis = await connectRedis(options.url);
        const ended = new Promise((resolve) => redis.once('end', resolve));
        signal.addEventListener('abort', () => redis.disconnect(), { once: true });
        redis.on('messageBuffer', (_channel: Buffer, message: Buffer) => {
          // Nobody waits here, and Redis would cut off who does not read.
          if (!isRoomLeft && inbox.unreadBytes > 0) lost++;
          else isRoomLeft = inbox.offer([decodeLine(message, message.length)]);
        });
        await redis.subscribe(key);
        problem = undefined;
        failures = 0;
        await ended;
        problem = `The connection to Redis ended; the channel ${key} is heard again when it is back.`;
      } catch (error) {
        problem = `The channel ${key} cannot be heard at Redis (${reasonOf(error)}); start it, or put CERBERUS_REDIS_LOG_URL right.`;
      }
      await clock.sleep(backoffMs(failures++, backoff), signal);
    }
  }
}
