import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server } from 'node:net';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { listen } from './listen.ts';
import { readProxyHeader } from './proxy-header.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const v1 = Buffer.from('PROXY TCP4 203.0.113.7 192.0.2.1 40000 22\r\n');
const v2 = binary(0x21, 0x11, Buffer.from([203, 0, 113, 7, 192, 0, 2, 1, 0x9c, 0x40, 0, 22]));
const v6 = Buffer.from('PROXY TCP6 2001:db8::7 2001:db8::1 40000 22\r\n');
const six = Buffer.from('20010db8000000000000000000000007', 'hex');
const v6binary = binary(0x21, 0x21, Buffer.concat([six, six, Buffer.from([0x9c, 0x40, 0, 22])]));

it.each([
  ['version 1', v1, '203.0.113.7'],
  ['version 2', v2, '203.0.113.7'],
  ['version 1 with IPv6', v6, '2001:db8::7'],
  ['version 2 with IPv6', v6binary, '2001:db8::7'],
  ['version 2 with extensions', binary(0x21, 0x11, Buffer.concat([v2.subarray(16), Buffer.alloc(30)])), '203.0.113.7'],
])('a client behind a proxy is known by %s, however its bytes are cut', async (_what, header, address) => {
  const port = await echoing([{ cidr: '127.0.0.0/8' }]);
  expect(await say(port, [Buffer.concat([header, Buffer.from('hello')])])).toBe(`${address} 40000 hello`);
  expect(await say(port, [header.subarray(0, 5), header.subarray(5), Buffer.from('hello')])).toBe(
    `${address} 40000 hello`,
  );
});

it('a proxy that speaks for itself is what it is', async () => {
  const port = await echoing([{ cidr: '127.0.0.0/8' }]);
  expect(await say(port, [binary(0x20, 0, Buffer.alloc(0)), Buffer.from('up?')])).toMatch(/^127\.0\.0\.1 \d+ up\?$/);
  expect(await say(port, [Buffer.from('PROXY UNKNOWN\r\nup?')])).toMatch(/^127\.0\.0\.1 \d+ up\?$/);
});

it('whoever is no configured proxy can only say the words, and is known by his own address', async () => {
  for (const proxies of [[], [{ cidr: '10.0.0.0/8' }]]) {
    const answer = await say(await echoing(proxies), [v1]);
    expect(answer).toMatch(/^127\.0\.0\.1 \d+ PROXY TCP4 203/);
  }
});

it('a proxy that does not begin with a header is hung up on', async () => {
  const port = await echoing([{ cidr: '127.0.0.0/8' }]);
  expect(await say(port, [Buffer.from('SSH-2.0-x\r\n')])).toBe('');
  expect(await say(port, [Buffer.from('PROXY TCP4 203.0.113.999 192.0.2.1 40000 22\r\n')])).toBe('');
});

it('works before a web server too', async () => {
  const server = createHttpServer((request, response) =>
    response.end(`${request.socket.remoteAddress} ${request.url}`),
  );
  const port = await listening(server, [{ cidr: '127.0.0.0/8' }]);
  const request = Buffer.from('GET /login HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(await say(port, [Buffer.concat([v2, request])])).toContain('203.0.113.7 /login');
  expect(await say(port, [v1, request])).toContain('203.0.113.7 /login');
});

it('reading any bytes ends, with a header that lies within them', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.uint8Array({ maxLength: 300 }).map((rest) => Buffer.concat([v2.subarray(0, 12), rest])),
    fc.string({ maxLength: 200 }).map((text) => Buffer.from(`PROXY ${text}\r\n`)),
  );
  fc.assert(
    fc.property(bytes, (head) => {
      const header = readProxyHeader(Buffer.from(head));
      if (typeof header === 'object') expect(header.bytes).toBeLessThanOrEqual(head.length);
    }),
  );
});

function binary(command: number, family: number, body: Buffer): Buffer {
  const head = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');
  return Buffer.concat([head, Buffer.from([command, family, body.length >> 8, body.length & 0xff]), body]);
}

async function echoing(proxies: readonly { cidr: string }[]): Promise<number> {
  const server = createServer((socket) => {
    socket.once('data', (bytes) =>
      socket.end(`${socket.remoteAddress} ${socket.remotePort} ${bytes.toString('latin1')}`),
    );
  });
  return await listening(server, proxies);
}

async function listening(server: Server, proxies: readonly { cidr: string }[]): Promise<number> {
  const { port, close } = await listen(server, 0, '127.0.0.1', proxies);
  closing.push(close);
  return port;
}

async function say(port: number, parts: readonly Buffer[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let heard = '';
  socket.on('data', (bytes) => {
    heard += bytes.toString('latin1');
  });
  socket.on('error', () => undefined);
  for (const part of parts) await new Promise((written) => socket.write(part, written));
  await once(socket, 'close');
  return heard;
}
