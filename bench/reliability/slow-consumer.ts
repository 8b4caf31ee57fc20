import { randomBytes } from 'node:crypto';
import { appendFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { liveProtocol } from '@cerberusmesh/contract/live';
import { readUsage } from '../child.ts';
import { makeLines } from '../make-lines.ts';
import { checkLedger } from './check-ledger.ts';
import { untilStored, withPlace } from './place.ts';
import type { Scenario } from './scenario.ts';

const clients = 20;
/** Each may have 4 MB of text waiting, which is at most twice that in memory, and a socket's buffers. */
const grownMegabytesMax = 400;

export const slowConsumer: Scenario = {
  name: 'slow-consumer',
  does: `${clients} clients of the live feed never read what they are sent, while many lines come in`,
  run: ({ lines: asked }) =>
    withPlace(async ({ log, databaseUrl, up }) => {
      const lines = [...makeLines(asked ?? 60_000)];
      const half = Math.floor(lines.length / 2);
      const engine = await up();
      const url = new URL(await engine.untilSaid(/is up:\s+(\S+)/));
      const token = await engine.untilSaid(/(cm_[\w-]+)/);
      const pid = engine.child.pid;
      const without = await store(log, databaseUrl, lines.slice(0, half), half);
      const before = readUsage(pid)?.peakRssMegabytes ?? Number.NaN;
      const sockets = await Promise.all(Array.from({ length: clients }, () => joinAndStop(url, token)));
      const withSlow = await store(log, databaseUrl, lines.slice(half), lines.length);
      const grown = (readUsage(pid)?.peakRssMegabytes ?? Number.NaN) - before;
      for (const socket of sockets) socket.destroy();
      const checks = await checkLedger(databaseUrl, lines.length);
      await engine.kill('SIGTERM');
      return {
        checks: [
          ...checks,
          {
            what: `memory grows by at most ${grownMegabytesMax} MB`,
            expected: true,
            found: grown <= grownMegabytesMax,
          },
        ],
        facts: { lines: lines.length, clients, grownMegabytes: grown, secondsWithout: without, secondsWith: withSlow },
      };
    }),
};

async function store(log: string, url: string, lines: readonly string[], expected: number): Promise<number> {
  const started = performance.now();
  await appendFile(log, `${lines.join('\n')}\n`);
  await untilStored(url, expected);
  return Math.round((performance.now() - started) / 100) / 10;
}

/** A WebSocket's handshake by hand, because every client library reads. */
async function joinAndStop({ hostname, port, host }: URL, token: string): Promise<Socket> {
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  const answered = new Promise<string>((resolve) => {
    socket.once('data', (chunk: Buffer) => {
      socket.pause();
      resolve(chunk.toString('latin1'));
    });
  });
  socket.write(
    [
      'GET /ws HTTP/1.1',
      `Host: ${host}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      `Sec-WebSocket-Protocol: ${liveProtocol}, ${token}`,
      '\r\n',
    ].join('\r\n'),
  );
  const answer = await answered;
  if (!answer.startsWith('HTTP/1.1 101')) throw new Error(`The live feed refused: ${answer.slice(0, 100)}`);
  return socket;
}
