import type { Clock } from '../../kit/clock.ts';
import { connectRedis } from '../../kit/redis-connection.ts';
import { backoffMs } from '../../kit/retry.ts';
import { storedChannel } from './stream-names.ts';

const backoff = { firstMs: 500, maxMs: 10_000 };

/** Calls `heard` whenever a worker says that something was stored, until `signal` aborts. A word may be missed. */
export async function hearStored(options: {
  readonly url: string;
  readonly heard: () => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { url, heard, clock, signal } = options;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const redis = await connectRedis(url);
      const ended = new Promise((resolve) => redis.once('end', resolve));
      const hangUp = () => redis.disconnect();
      signal.addEventListener('abort', hangUp, { once: true });
      redis.on('message', heard);
      await redis.subscribe(storedChannel);
      failures = 0;
      await ended;
      signal.removeEventListener('abort', hangUp);
    } catch {
      // Whoever puts lines there says that Redis is away.
    }
    await clock.sleep(backoffMs(failures, backoff), signal);
  }
}
