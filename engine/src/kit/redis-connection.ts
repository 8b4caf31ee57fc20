import type { Redis } from 'ioredis';

/** A connection that fails at once instead of keeping commands: who asks knows best when to ask again. */
export async function connectRedis(url: string, commandTimeoutMs?: number): Promise<Redis> {
  const { Redis } = await import('ioredis');
  const redis = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 10_000,
    retryStrategy: () => null,
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
  });
  // Told by the command that fails.
  redis.on('error', () => undefined);
  await redis.connect();
  return redis;
}
