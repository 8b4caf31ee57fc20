import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createDockerApi } from './docker-api.ts';

const never = new AbortController().signal;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-docker-'));
});
afterEach(async () => await rm(folder, { recursive: true }));

it.each([
  { description: 'accepts and says nothing', says: () => undefined, why: 'did not answer within 0.2 seconds' },
  {
    description: 'begins an answer and never ends it',
    says: (socket: Socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'),
    why: 'did not answer within 0.2 seconds',
  },
  {
    description: 'answers without end',
    says: (socket: Socket) => void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n${'x'.repeat(5e6)}`),
    why: 'answers too much',
  },
])('a container engine that $description is given up', async ({ says, why }) => {
  const path = join(folder, 'engine.sock');
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    says(socket);
  }).listen(path);
  await once(server, 'listening');
  const secondsMax = why.startsWith('did not') ? 0.2 : 20;
  await expect(createDockerApi(path, secondsMax)('GET', '/containers/json', never)).rejects.toThrow(why);
  server.close();
});
