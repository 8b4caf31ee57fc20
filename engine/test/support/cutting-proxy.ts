import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface CuttingProxy {
  readonly port: number;
  /** Bytes from the client, of each connection so far. */
  readonly clientBytes: readonly number[];
  close(): Promise<void>;
}

/** Passes bytes on, until `cutAfterBytes` says of a connection (the first is 1) that it ends after so many bytes from the client. */
export async function startCuttingProxy(
  port: number,
  cutAfterBytes: (connection: number) => number | undefined,
): Promise<CuttingProxy> {
  const open = new Set<Socket>();
  const clientBytes: number[] = [];
  const server = createServer((client) => {
    const index = clientBytes.push(0) - 1;
    const cutAfter = cutAfterBytes(index + 1);
    if (cutAfter === 0) return void client.destroy();
    const upstream = connect(port, '127.0.0.1');
    client.on('data', (chunk: Buffer) => {
      const bytes = (clientBytes[index] ?? 0) + chunk.length;
      clientBytes[index] = bytes;
      if (cutAfter !== undefined && bytes >= cutAfter) client.destroy();
    });
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return {
    port: address.port,
    clientBytes,
    async close() {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  };
}
