import type { Arrived } from './arrive.ts';
import type { Ground } from './decoy.ts';
import type { Visit } from './shell/visit.ts';
import type { EnteredWorld } from './world/world-store.ts';

const fetchesMax = 20;

/** What a login leads to, whatever the protocol: the attacker's world until he goes, his limits, and his end when he is idle too long. */
export function openVisit(
  ground: Ground,
  { socket, events, sourceIp, sourcePort, localPort }: Arrived,
  user: string,
  { key: worldKey, world }: EnteredWorld,
): Visit {
  const { settings, persona, pool, worlds, now } = ground;
  let leave: readonly (() => void)[] = [];
  let spent = 0;
  let fetches = 0;
  const idle = setTimeout(() => socket.destroy(), settings.limits.idleSeconds * 1000);
  let received = 0;
  socket.on('data', ({ length }: Buffer) => {
    idle.refresh();
    received += length;
    if (received > settings.limits.inputBytesMax) socket.destroy();
  });
  socket.once('close', () => {
    clearTimeout(idle);
    for (const each of leave) each();
    worlds.leave(worldKey);
  });
  return {
    ...{ persona, worldKey, world, pool, events, user, sourceIp, sourcePort, localPort, now },
    async fetch(url) {
      if (++fetches > fetchesMax) return null;
      const bytes = await ground.fetch(url);
      if (bytes) ground.uploads.keep(bytes);
      return bytes;
    },
    onLeaving(each) {
      leave = [...leave, each];
    },
    spend(bytes) {
      spent += bytes;
      return spent <= settings.limits.outputBytesMax;
    },
  };
}

let lastTerminal = 0;

/** Forty of them, over and over: a machine that is up for months is seldom at pts/900. */
export function nextTerminal(): string {
  return `pts/${lastTerminal++ % 40}`;
}
