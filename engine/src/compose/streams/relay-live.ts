import { LiveMessage } from '@cerberusmesh/contract/live';
import type { Clock } from '../../kit/clock.ts';
import { createRedisLink } from '../../kit/redis-link.ts';
import { listenToChannel } from '../../kit/redis-listen.ts';
import type { SealBox } from '../../kit/seal-box.ts';
import type { LiveBus } from '../../serve/live/bus.ts';

const channel = 'cerberus:live';
const commandTimeoutMs = 5000;
/** While Redis is away, what is beyond this is not told: the feed is of the moment. */
const underWayMax = 1000;

/** Tells the live feeds of other processes what happens in this one. Nothing waits for it, and what is lost is lost. */
export function tellLive(parts: { url: string; box: SealBox; bus: LiveBus; signal: AbortSignal }): void {
  const { url, box, bus, signal } = parts;
  const link = createRedisLink(url, commandTimeoutMs);
  let underWay = 0;
  const stop = bus.subscribe((message) => {
    if (underWay >= underWayMax) return;
    underWay++;
    const bytes = box.seal(Buffer.from(JSON.stringify(message)), channel);
    void link
      .use((redis) => redis.publish(channel, bytes))
      .catch(() => undefined)
      .finally(() => underWay--);
  });
  const end = (): void => {
    stop();
    link.close();
  };
  signal.addEventListener('abort', end, { once: true });
}

/** Tells this process's live feed what happens in others, until `signal` aborts. */
export async function hearLive(parts: {
  url: string;
  box: SealBox;
  bus: LiveBus;
  clock: Clock;
  signal: AbortSignal;
}): Promise<void> {
  const { url, box, bus, clock, signal } = parts;
  await listenToChannel({ ...{ url, channel, clock, signal }, heard });

  function heard(sealed: Buffer): void {
    const message = LiveMessage.safeParse(parsed(box.open(sealed, channel)?.toString()));
    if (message.success) bus.publish(message.data);
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
