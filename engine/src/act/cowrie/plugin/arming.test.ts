import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestClock } from '../../../serve/support/test-clock.ts';
import { lureBook } from '../lures/book.ts';
import { createArming, type LiveGuards } from './arming.ts';

let folder: string;
let server: Server;
let asked: { op: string; never?: string[] }[];
let sockets: Socket[];

/** Only what it says over the socket matters here; the plugin itself is tried in engine/test/cowrie-plugin.test.ts. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-arming-'));
  [asked, sockets] = [[], []];
  server = createServer((socket) => {
    sockets.push(socket);
    let kitsLeft = 0;
    socket.write(`${JSON.stringify({ op: 'hello', protocol: 1, cowrie: '3.1.4', sensor: 's' })}\n`);
    socket.on('data', (chunk) => {
      for (const line of String(chunk).split('\n').filter(Boolean)) {
        const message = JSON.parse(line);
        asked.push(message);
        if (message.op === 'stock') kitsLeft++;
        socket.write(`${JSON.stringify({ op: 'done', id: message.id, kitsLeft })}\n`);
      }
    });
  });
  server.listen(join(folder, 'socket'));
  await once(server, 'listening');
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const kits = () => asked.filter(({ op }) => op === 'stock').length;

it('lays out no more kits than the budget of the hour still allows, more as time goes on, and anew where the policy changes', async () => {
  let guards: LiveGuards = { budgetPerHour: 5, never: [] };
  let given = 3;
  const clock = createTestClock(new Date('2026-11-22T12:00:00Z'));
  const stopping = new AbortController();
  const arming = createArming({
    socketPath: join(folder, 'socket'),
    book: lureBook,
    store: { addKit: async () => undefined },
    surroundings: async () => ({ hostname: 'app-03', domain: 'internal' }),
    isEnabled: () => true,
    guards: () => guards,
    countGiven: async () => given,
    spared: null,
    planted: async () => undefined,
    clock,
    log: { info: () => undefined, warn: () => undefined },
  });
  const running = arming.run(stopping.signal);
  await expect.poll(() => [kits(), arming.connection() !== undefined]).toEqual([2, true]);

  given = 0;
  await tickUntil(() => kits() === 5);
  guards = { budgetPerHour: 0, never: ['192.0.2.0/24'] };
  await tickUntil(() => asked.filter(({ op }) => op === 'arm').length === 2);
  expect(asked.at(-1)).toMatchObject({ op: 'arm', never: ['192.0.2.0/24'] });
  expect(kits()).toBe(5);
  stopping.abort();
  await running;

  async function tickUntil(holds: () => boolean): Promise<void> {
    await expect
      .poll(
        () => {
          clock.advance(1_000);
          return holds();
        },
        { interval: 5, timeout: 20_000 },
      )
      .toBe(true);
  }
});
