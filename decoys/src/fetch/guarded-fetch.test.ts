import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGuardedFetch, isReserved } from './guarded-fetch.ts';

let server: Server;
let port: number;
let asked: string[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(`${request.headers.host} ${request.url}`);
    if (request.url === '/file') return response.end('#!/bin/sh\necho payload\n');
    if (request.url === '/large') return response.end(Buffer.alloc(5000));
    if (request.url === '/claims') return response.writeHead(200, { 'content-length': '999999999' }).write('x');
    if (request.url === '/slow') return response.write('never the end');
    if (request.url?.startsWith('/to?')) return response.writeHead(302, { location: request.url.slice(4) }).end();
    return response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A network in which `evil.example` is our test server, and nothing else that is private may be reached. */
function fetchWith(names: Record<string, readonly string[]>, more: object = {}) {
  asked = [];
  return createGuardedFetch({
    ...{ bytesMax: 1000, timeoutMs: 1500, redirectsMax: 3, ownAddresses: ['203.0.114.9'] },
    allowedAddresses: ['127.0.0.1'],
    resolve: async (host) => names[host] ?? [],
    ...more,
  });
}
const evil = { 'evil.example': ['127.0.0.1'] };
const at = (path: string, host = 'evil.example') => `http://${host}:${port}${path}`;

it('fetches a file by its name', async () => {
  const bytes = await fetchWith(evil)(at('/file'));
  expect(Buffer.from(bytes ?? []).toString()).toContain('payload');
  expect(asked).toEqual([`evil.example:${port} /file`]);
});

it.each([
  ['a file that is too large', '/large'],
  ['a file that says it is too large', '/claims'],
  ['a file that never ends', '/slow'],
  ['a file that is not there', '/none'],
])('%s is not fetched', async (_what, path) => {
  expect(await fetchWith(evil)(at(path))).toBeNull();
});

it.each([
  ['http://127.0.0.2/x'],
  ['http://localhost/x'],
  ['http://[::1]/x'],
  ['http://[::ffff:127.0.0.2]/x'],
  ['http://[64:ff9b::7f00:2]/x'],
  ['http://0x7f000002/x'],
  ['http://2130706434/x'],
  ['http://169.254.169.254/latest/meta-data/'],
  ['http://10.1.2.3/x'],
  ['http://203.0.114.9/x'],
  ['file:///etc/passwd'],
  ['ftp://evil.example/x'],
  ['gopher://evil.example/x'],
  ['http://'],
])('%s leads nowhere, also by a redirect', async (target) => {
  const names = { ...evil, localhost: ['127.0.0.2'] };
  expect(await fetchWith(names)(target)).toBeNull();
  expect(asked).toEqual([]);
  expect(await fetchWith(names)(at(`/to?${target}`))).toBeNull();
  expect(asked).toHaveLength(1);
});

it('a login in a URL and a port that is no web server’s are not fetched from', async () => {
  const strict = fetchWith(evil, { allowedAddresses: [] });
  expect(await strict('http://8.8.8.8:22/')).toBeNull();
  expect(await fetchWith(evil)(`http://user:word@evil.example:${port}/file`)).toBeNull();
  expect(asked).toEqual([]);
});

it('a name that has a private address beside a good one is not fetched from', async () => {
  expect(await fetchWith({ 'evil.example': ['127.0.0.1', '10.0.0.1'] })(at('/file'))).toBeNull();
  expect(asked).toEqual([]);
});

it('a name that changes its address after the check is still only asked once, and the checked address is connected to', async () => {
  let looks = 0;
  const rebinding = async () => (looks++ === 0 ? ['127.0.0.1'] : ['10.0.0.1']);
  const fetch = fetchWith({}, { resolve: rebinding });
  expect(await fetch(at('/file'))).not.toBeNull();
  expect(looks).toBe(1);
  // The second look is another fetch, and is checked again.
  expect(await fetch(at('/file'))).toBeNull();
});

it('a redirect to itself ends', async () => {
  expect(await fetchWith(evil)(at('/to?/to%3F/x'))).toBeNull();
  expect(asked.length).toBeLessThanOrEqual(4);
});

it('no address of a private network is taken for a public one, however it is written', () => {
  const octet = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(
      fc.constantFrom('10', '127', '0', '169.254', '192.168', '172.16', '100.64', '224', '255'),
      octet,
      octet,
      octet,
      (head, ...rest) => {
        const address = [...head.split('.'), ...rest].slice(0, 4).join('.');
        const [a = 0, b = 0, c = 0, d = 0] = address.split('.').map(Number);
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`;
        return [address, `::ffff:${address}`, `::ffff:${hex}`, `64:ff9b::${hex}`, `2002:${hex}::1`].every(isReserved);
      },
    ),
  );
  for (const address of ['fe80::1', 'fc00::1', '::', '::1', 'ff02::1', '2001:db8::1'])
    expect(isReserved(address)).toBe(true);
  for (const address of ['8.8.8.8', '1.1.1.1', '2606:4700::1111', '::ffff:8.8.8.8'])
    expect(isReserved(address)).toBe(false);
});
