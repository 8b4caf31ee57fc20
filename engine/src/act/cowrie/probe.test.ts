import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import ssh2, { type ServerChannel } from 'ssh2';
import { expect, it } from 'vitest';
import { makeKeyPair } from '../rotate-key/key-pair.ts';
import { createProbe } from './probe.ts';

const probe = createProbe({ key: Buffer.alloc(32, 7), now: () => new Date() });
const looks = [{ command: 'hostname', shows: 'web-01' }];

it.each([
  { description: 'accepts and never answers', says: () => undefined },
  { description: 'never ends its first line', says: (socket: Socket) => repeat(socket, 'x'.repeat(60_000)) },
  { description: 'ends the line at once', says: (socket: Socket) => void socket.end() },
  { description: 'speaks another protocol', says: (socket: Socket) => void socket.write('HTTP/1.1 400 No\r\n\r\n') },
  {
    description: 'greets and then sends garbage',
    says: (socket: Socket) => void socket.write(`SSH-2.0-OpenSSH_9.2p1\r\n${'\xff'.repeat(4000)}`),
  },
])('what $description was not looked at, and is left in time', async ({ says }) => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    says(socket);
  });
  await expectUnseen(server.listen(0, '127.0.0.1'));
});

it.each([
  { description: 'never prompts', shell: () => undefined },
  { description: 'prompts, and answers nothing', shell: (channel: ServerChannel) => void channel.write('root@a:~# ') },
  {
    description: 'shows something without end',
    shell: (channel: ServerChannel) => repeat(channel, 'x'.repeat(60_000)),
  },
  { description: 'ends at once', shell: (channel: ServerChannel) => void channel.end() },
])('a shell that $description was not looked at, and is left in time', async ({ shell }) => {
  const server = new ssh2.Server({ hostKeys: [makeKeyPair().privateKey] }, (client) => {
    client.on('error', () => undefined);
    client.on('authentication', (context) => context.accept());
    client.on('session', (accept) => {
      const session = accept();
      session.on('pty', (agree) => agree?.());
      session.on('shell', (agree) => shell(agree()));
    });
  });
  await expectUnseen(server.listen(0, '127.0.0.1'));
});

async function expectUnseen(server: ReturnType<typeof createServer> | ssh2.Server): Promise<void> {
  await once(server, 'listening');
  // `as`: a server that listens on a port has an address and no path.
  const { port } = server.address() as AddressInfo;
  const target = { host: '127.0.0.1', port, credentials: { username: 'root', password: 'x' } };
  const seen = await probe.look(target, looks, AbortSignal.timeout(400));
  expect(seen).toMatchObject({ verified: false, looked: false, sights: [] });
  expect(seen.why).toMatch(new RegExp(`^The probe could not look at 127\\.0\\.0\\.1:${port}: \\S.*[^.]\\.$`));
  expect(seen.why).not.toMatch(/abort/i);
  server.close();
}

function repeat(to: Socket | ServerChannel, text: string): void {
  const timer = setInterval(() => void to.write(text), 5);
  to.on('close', () => clearInterval(timer));
}
