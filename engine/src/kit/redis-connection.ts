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
  // Later errors are told by the command that fails. Of a refused password `connect` itself says only that the connection is closed.
  let refusal: Error | undefined;
  redis.on('error', (error) => {
    refusal ??= error;
  });
  await redis.connect().catch((error: unknown) => {
    throw refusal ?? error;
  });
  return redis;
}
