import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ensureApiPort, findPortFault } from './api-port.ts';

let stranger: Server;
let port: number;

beforeAll(async () => {
  stranger = createServer((_request, response) => response.end('not an engine'));
  await once(stranger.listen(0, '127.0.0.1'), 'listening');
  // `as`: a listening TCP server has no other kind of address.
  port = (stranger.address() as AddressInfo).port;
});

afterAll(() => stranger.close());

it('a port that is free may be listened on', async () => {
  expect(await findPortFault({ host: '127.0.0.1', port: 0 })).toBeUndefined();
});

it('a port of another program ends a start in one sentence, with what to do', async () => {
  await expect(ensureApiPort({ host: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'BAD_CONFIGURATION',
    detail: `Another program has 127.0.0.1:${port}. Stop it, or set PORT to a free one.`,
  });
});

it('an address that is not of this machine is told with the setting that names it', async () => {
  expect(await findPortFault({ host: '192.0.2.1', port: 0 })).toMatchObject({
    says: expect.stringContaining('192.0.2.1:0 cannot be listened on'),
    fix: 'Set CERBERUS_HOST to an address of this machine.',
  });
});
