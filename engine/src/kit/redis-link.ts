import type { Redis } from 'ioredis';
import { reasonOf } from './reason-of.ts';
import { connectRedis } from './redis-connection.ts';

/** Redis is away, or refused; its own words are the message. */
export class RedisFault extends Error {
  override readonly name = 'RedisFault';
}

export interface RedisLink {
  /**
   * Runs `work` on a connection that is made where there is none. Where it fails, the next one gets another.
   * @throws RedisFault
   */
  use<T>(work: (redis: Redis) => Promise<T>): Promise<T>;
  close(): void;
}

/** A Redis that may be away at any time: whoever uses the link hears of it at once and decides when to ask again. */
export function createRedisLink(url: string, commandTimeoutMs: number): RedisLink {
  let connecting: Promise<Redis> | undefined;
  let connected: Redis | undefined;
  let isClosed = false;

  return {
    async use(work) {
      if (isClosed) throw new RedisFault('The link to Redis was closed.');
      connecting ??= connect();
      const mine = connecting;
      try {
        return await work(await mine);
      } catch (error) {
        if (!isReply(error) && connecting === mine) end();
        throw new RedisFault(reasonOf(error), { cause: error });
      }
    },
    close() {
      isClosed = true;
      end();
    },
  };

  async function connect(): Promise<Redis> {
    const redis = await connectRedis(url, commandTimeoutMs);
    connected = redis;
    redis.once('end', () => {
      if (connected === redis) end();
    });
    if (isClosed) end();
    return redis;
  }

  function end(): void {
    connected?.disconnect();
    connected = undefined;
    connecting = undefined;
  }
}

/** Redis answered, and refused: the connection is well. */
function isReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReplyError';
}
