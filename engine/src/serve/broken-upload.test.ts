import { once } from 'node:events';
import { type AddressInfo, createConnection } from 'node:net';
import Fastify from 'fastify';
import { expect, it, onTestFinished } from 'vitest';
import { createErrorHandler } from './errors.ts';

it('a sensor whose connection breaks in the middle of its body is no error of ours', async () => {
  const logged = Promise.withResolvers<string>();
  const at = (level: string) => () => logged.resolve(level);
  const api = Fastify();
  onTestFinished(async () => await api.close());
  api.setErrorHandler(
    createErrorHandler({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }),
  );
  api.post('/', async () => 'whole');
  await api.listen({ port: 0, host: '127.0.0.1' });
  // `as`: a server that listens on TCP has such an address.
  const { port } = api.server.address() as AddressInfo;
  const socket = createConnection(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"ha', () =>
    socket.destroy(),
  );
  expect(await logged.promise).toBe('debug');
});
