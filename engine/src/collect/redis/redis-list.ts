import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type { Redis } from 'ioredis';
import type { Clock } from '../../kit/clock.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { connectRedis } from '../../kit/redis-connection.ts';
import { backoffMs } from '../../kit/retry.ts';
import { decodeLine } from '../raw-lines.ts';
import type { Source, SourceState } from '../source.ts';

export interface RedisListOptions {
  readonly sourceId: string;
  readonly url: string;
  readonly key: string;
  /** At which end Cowrie puts the newest. */
  readonly method: 'lpush' | 'rpush';
  /** Names the list of what was taken and is not stored yet, so that two installations do not share it. */
  readonly reader: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** At once: a line may have megabytes, and Redis does not say so before. */
const linesAtOnce = 16;
const batchBytes = 128 * 1024;
/** So long a connection waits for the next line; a fall of the connection is seen at the end of it at the latest. */
const blockSeconds = 5;
const backoff = { firstMs: 500, maxMs: 30_000 };

/**
 * Takes Cowrie's events from a list of Redis (6.2 or newer). Each is first moved to a list of our own and leaves that when
 * it is durable: whatever dies in between, the next start begins with what lies there.
 */
export function createRedisList(options: RedisListOptions): Source {
  const { sourceId, key, clock, signal } = options;
  const taken = `${key}:taken:${options.reader}`;
  const isNewestLeft = options.method === 'lpush';
  let state: SourceState = { active: false, unreadBytes: null, problem: 'It is not connected yet.' };

  return {
    state: () => state,
    async *batches() {
      for (let failures = 0; !signal.aborted; ) {
        let redis: Redis | undefined;
        try {
          redis = await connectRedis(options.url);
          const connection = redis;
          // Ends the wait for a line.
          signal.addEventListener('abort', () => connection.disconnect(), { once: true });
          state = { active: true, unreadBytes: null };
          failures = 0;
          yield* readList(connection);
        } catch (error) {
          if (signal.aborted) break;
          const why = reasonOf(error);
          const problem = `The list ${key} cannot be read from Redis (${why}); start it, or put CERBERUS_REDIS_LOG_URL right.`;
          state = { active: false, unreadBytes: null, problem };
        } finally {
          redis?.disconnect();
        }
        await clock.sleep(backoffMs(failures++, backoff), signal);
      }
    },
  };

  async function* readList(redis: Redis): AsyncGenerator<LineBatch> {
    for (let left = await takeLeft(redis); left.length > 0; left = await takeLeft(redis)) {
      yield batchOf(left);
      await leaveBehind(redis, left);
    }
    while (!signal.aborted) {
      const values = await takeNext(redis);
      if (values.length === 0) continue;
      yield batchOf(values);
      await leaveBehind(redis, values);
    }
  }

  /** Each by itself and not by their number: between them may lie what another engine of this installation took. */
  async function leaveBehind(redis: Redis, values: readonly Buffer[]): Promise<void> {
    const asked = redis.pipeline();
    for (const value of values) asked.lrem(taken, 1, value);
    const failed = (await asked.exec())?.find(([error]) => error !== null);
    if (failed?.[0]) throw failed[0];
  }

  /** What an earlier run took and did not store, or stored in its last moment: then it is known by its id. */
  function takeLeft(redis: Redis): Promise<Buffer[]> {
    return redis.lrangeBuffer(taken, 0, linesAtOnce - 1);
  }

  async function takeNext(redis: Redis): Promise<Buffer[]> {
    const first = await (isNewestLeft
      ? redis.blmoveBuffer(key, taken, 'RIGHT', 'RIGHT', blockSeconds)
      : redis.blmoveBuffer(key, taken, 'LEFT', 'RIGHT', blockSeconds));
    if (first === null) return [];
    const values = [first];
    for (let bytes = first.length; bytes < batchBytes; ) {
      const asked = redis.pipeline();
      for (let count = 0; count < linesAtOnce; count++) {
        if (isNewestLeft) asked.lmoveBuffer(key, taken, 'RIGHT', 'RIGHT');
        else asked.lmoveBuffer(key, taken, 'LEFT', 'RIGHT');
      }
      const answers = (await asked.exec()) ?? [];
      const failed = answers.find(([error]) => error !== null);
      if (failed?.[0]) throw failed[0];
      const more = answers.flatMap(([, value]) => (Buffer.isBuffer(value) ? [value] : []));
      values.push(...more);
      bytes += more.reduce((sum, { length }) => sum + length, 0);
      if (more.length < linesAtOnce) break;
    }
    return values;
  }

  function batchOf(values: readonly Buffer[]): LineBatch {
    const lines = values.map((value) => decodeLine(value, value.length));
    return { sourceId, lines, readBytes: values.reduce((sum, { length }) => sum + length, 0), position: {} };
  }
}
