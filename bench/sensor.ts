import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { openHubIdentity } from '../engine/src/compose/mesh/hub-identity.ts';
import { systemClock } from '../engine/src/kit/clock.ts';
import { beginEnrolment, writeEnrolment } from '../engine/src/sensor/enrolment.ts';
import { createMeshServer } from '../engine/src/serve/mesh/mesh-server.ts';
import { readUsage } from './child.ts';
import { writeLines } from './make-lines.ts';

const cerberus = join(import.meta.dirname, '..', 'engine', 'bin', 'cerberus.mjs');
const perSecond = 200;
const writesPerSecond = 50;
const warmUpSeconds = 10;

/**
 * `npm run bench -- sensor [--seconds N]`: memory and processor time of a `cerberus sensor` while Cowrie's log grows by 200 lines
 * a second in 50 writes, against the hub's real server, whose store says at once that all is durable. The sensor is started
 * twice: its first start on a machine (`firstStart`) compiles what the second reads from the cache.
 */
export async function benchSensor({ seconds }: { readonly seconds: number }): Promise<object> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const hub = await startHub(dir);
  try {
    const begun = beginEnrolment(join(dir, 'sensor'), hub.url, hub.fingerprint);
    writeEnrolment(join(dir, 'sensor'), { ...begun, sensor: 'bench' });
    const made = join(dir, 'made.json');
    await writeLines(made, perSecond * (seconds + warmUpSeconds));
    const lines = (await readFile(made, 'utf8')).split(/(?<=\n)/);
    const { peakRssMegabytes } = await runFor(dir, [], 3);
    const measured = await runFor(dir, lines, seconds);
    const shipped = hub.shippedLines();
    return {
      ...{ bench: 'sensor', seconds, linesPerSecond: perSecond, linesWritten: lines.length, linesShipped: shipped },
      ...measured,
      firstStart: { peakRssMegabytes },
    };
  } finally {
    await hub.close();
    await rm(dir, { recursive: true, force: true });
  }
}

async function runFor(dir: string, lines: readonly string[], seconds: number) {
  const log = join(dir, 'cowrie.json');
  const child = spawn(process.execPath, [cerberus, 'sensor'], {
    env: {
      ...{ PATH: '/usr/bin:/bin', CERBERUS_DATA_DIR: join(dir, 'sensor'), COWRIE_LOG_PATH: log },
      NODE_COMPILE_CACHE: join(dir, 'cache'),
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = once(child, 'close');
  try {
    const total = seconds + warmUpSeconds;
    const started = performance.now();
    let written = 0;
    let before: ReturnType<typeof readUsage>;
    for (let elapsed = 0; elapsed < total; elapsed = (performance.now() - started) / 1000) {
      const due = Math.min(lines.length, Math.ceil(elapsed * perSecond));
      if (due > written) appendFileSync(log, lines.slice(written, due).join(''));
      written = due;
      if (elapsed >= warmUpSeconds) before ??= readUsage(child.pid);
      await systemClock.sleep(1000 / writesPerSecond);
    }
    appendFileSync(log, lines.slice(written).join(''));
    await systemClock.sleep(1000);
    const after = readUsage(child.pid);
    const cpuSeconds = (after?.cpuSeconds ?? Number.NaN) - (before?.cpuSeconds ?? Number.NaN);
    return {
      peakRssMegabytes: after?.peakRssMegabytes,
      cpuPercentOfOneCore: Math.round((cpuSeconds / (seconds + 1)) * 1000) / 10,
      cpuMicrosecondsPerLine: Math.round((cpuSeconds * 1e6) / (seconds * perSecond)),
    };
  } finally {
    // Not SIGKILL: the cache is written at the end.
    child.kill('SIGTERM');
    await ended;
  }
}

async function startHub(dir: string) {
  let shippedLines = 0;
  const { pem, fingerprint } = await openHubIdentity(join(dir, 'hub'), new Date());
  const server = await createMeshServer({
    identity: pem,
    verify: async () => 'bench',
    enrol: async () => 'bench',
    async receive({ start, body }) {
      const plain = zstdDecompressSync(body);
      shippedLines += plain.toString('latin1').split('\n').length - 1;
      return { kind: 'stored', answer: { durable: start + plain.length, stored: 0, duplicate: 0, parked: 0 } };
    },
    orders: {
      now: () => new Date(),
      async poll(_sensor, _heartbeat, _from, signal) {
        await systemClock.sleep(20_000, signal);
        return [];
      },
      report: () => false,
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    ...{ url, fingerprint, shippedLines: () => shippedLines },
    async close() {
      server.server.closeAllConnections();
      await server.close();
    },
  };
}
