import type { Clock } from './clock.ts';
import { connectRedis } from './redis-connection.ts';
import { backoffMs } from './retry.ts';

const backoff = { firstMs: 500, maxMs: 10_000 };

/** Hears a channel until `signal` aborts, and again after Redis was away. What is said meanwhile is missed. */
export async function listenToChannel(options: {
  readonly url: string;
  readonly channel: string;
  readonly heard: (message: Buffer) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { url, channel, heard, clock, signal } = options;
  for (let failures = 0; !signal.aborted; failures++) {
    try {
      const redis = await connectRedis(url);
      const ended = new Promise((resolve) => redis.once('end', resolve));
      const hangUp = () => redis.disconnect();
      signal.addEventListener('abort', hangUp, { once: true });
      redis.on('messageBuffer', (_channel: Buffer, message: Buffer) => heard(message));
      await redis.subscribe(channel);
      failures = 0;
      await ended;
      signal.removeEventListener('abort', hangUp);
    } catch {
      // Whoever must know that Redis is away finds it out by his own commands.
    }
    await clock.sleep(backoffMs(failures, backoff), signal);
  }
}
