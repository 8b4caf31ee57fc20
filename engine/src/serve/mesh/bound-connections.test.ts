import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { boundConnections } from './bound-connections.ts';

it('an address has so many connections and no more, until one of them is closed', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  boundConnections(server, 2);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const open: Socket[] = [];
  const isTaken = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    open.push(socket);
    const [client] = await once(server, 'connection');
    return !client.destroyed;
  };
  expect([await isTaken(), await isTaken(), await isTaken()]).toEqual([true, true, false]);
  open[0]?.destroy();
  await expect.poll(isTaken).toBe(true);
  for (const socket of open) socket.destroy();
  server.close();
});
