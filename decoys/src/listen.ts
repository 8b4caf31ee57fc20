import type { Server, Socket } from 'node:net';
import { type Network, unwrapProxied } from './proxied.ts';

export interface Listening {
  readonly port: number;
  /** No new connections, and those that are there end. */
  readonly close: () => Promise<void>;
}

/**
 * Opens the port; what comes through one of the `proxies` is known by the address that it names. Throws what `listen`
 * throws: EADDRINUSE where it is taken.
 */
export async function listen(
  server: Server,
  port: number,
  host: string,
  proxies: readonly Network[] = [],
): Promise<Listening> {
  putBehindProxies(server, proxies);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function putBehindProxies(server: Server, proxies: readonly Network[]): void {
  if (proxies.length === 0) return;
  const served = server.listeners('connection');
  server.removeAllListeners('connection');
  const give = unwrapProxied(proxies, (socket) => {
    for (const listener of served) listener.call(server, socket);
  });
  server.on('connection', give);
}
