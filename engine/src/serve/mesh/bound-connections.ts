import type { Server } from 'node:net';

/** Ends what one address opens beyond its share, before TLS costs anything. */
export function boundConnections(server: Pick<Server, 'on'>, connectionsOfAddressMax: number): void {
  const open = new Map<string, number>();
  server.on('connection', (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    open.set(address, count);
    socket.once('close', () => {
      const rest = (open.get(address) ?? 1) - 1;
      if (rest === 0) open.delete(address);
      else open.set(address, rest);
    });
    if (count > connectionsOfAddressMax) socket.destroy();
  });
}
