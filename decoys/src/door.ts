import type { Socket } from 'node:net';
import type { DecoyLimits } from '@cerberusmesh/contract/decoy';

/** Lets connections in while there is room, and counts them out. One for all protocols of a decoy. */
export function createDoor({
  sessionsMax,
  sessionsPerAddressMax,
}: Pick<DecoyLimits, 'sessionsMax' | 'sessionsPerAddressMax'>) {
  const byAddress = new Map<string, number>();
  let all = 0;

  return { enter, sessions: () => all };

  /** @returns false where there is no room; the connection is closed then. */
  function enter(socket: Socket): boolean {
    const address = addressOf(socket);
    const here = byAddress.get(address) ?? 0;
    if (all >= sessionsMax || here >= sessionsPerAddressMax) {
      socket.destroy();
      return false;
    }
    all++;
    byAddress.set(address, here + 1);
    socket.once('close', () => {
      all--;
      const left = (byAddress.get(address) ?? 1) - 1;
      if (left > 0) byAddress.set(address, left);
      else byAddress.delete(address);
    });
    return true;
  }
}

/** An IPv4 address is written as such, also where the socket speaks IPv6. */
export function addressOf(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
}
