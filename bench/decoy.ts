// The client's packets are part of what is measured, and no OpenSSH spends as long on a key as ssh2 without this.
import '../decoys/src/ssh/secret-keys.ts';

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type ssh2 from 'ssh2';
import { type RunningDecoy, startDecoyProcess } from '../engine/src/act/decoys/decoy-process.ts';
import { readTemplate } from '../engine/src/compose/decoys.ts';
import { projectDir } from '../engine/src/compose/project.ts';
import { readUsage } from './child.ts';
import { enterDecoy } from './decoy-client.ts';
import { percentiles } from './percentiles.ts';

const busySessions = 50;
const idleSessions = 500;
const rounds = 3;
const pauseMs = 1000;
const commands = [
  'uname -a',
  'cat /proc/cpuinfo | grep name | wc -l',
  'ls -la /var/tmp',
  "free -m | grep Mem | awk '{print $2 ,$3, $4, $5, $6, $7}'",
  'w; uptime',
  'cd /tmp; echo a > .x; cat .x; rm .x',
  'ps aux | grep -v grep | grep nginx',
  'for i in 1 2 3; do echo $i; done',
];
const prompt = /[#$] $/;

/**
 * What a visitor waits for and what he costs: 50 shells over real SSH, from 50 addresses, each typing a line a second, from the key to
 * the next prompt; then 500 that only sit there, as memory of the decoy's process; then a trap under a running session.
 */
export async function benchDecoy(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-bench-'));
  const decoy = await startDecoyProcess({
    projectDir,
    settings: {
      ...{ folder, sensor: 'bench', uuid: 'bench', host: '127.0.0.1', sshPort: 0, telnetPort: null, httpPort: null },
      ...{ template: readTemplate('ubuntu-web'), seed: 'bench' },
      // The decoy fills in every limit that is not named here.
      limits: { sessionsPerAddressMax: 1000, idleSeconds: 3600 } as never,
    },
  });
  try {
    const emptyMb = memoryMb(decoy);
    const busy = await openShells(decoy, busySessions);
    const cpuBefore = readUsage(decoy.pid)?.cpuSeconds ?? 0;
    const times = (await Promise.all(busy.map((shell, index) => typeOn(shell, index)))).flat();
    const cpuSeconds = (readUsage(decoy.pid)?.cpuSeconds ?? 0) - cpuBefore;
    const content = Buffer.from('secret\n').toString('base64');
    const order = { address: '127.0.0.2', files: [{ path: '/root/.pgpass', content, mode: 0o600, ageDays: 3 }] };
    const trap = await decoy.plant(order, AbortSignal.timeout(10_000));
    const idle = await openShells(decoy, idleSessions - busySessions);
    const idleMb = memoryMb(decoy);
    for (const { client } of [...busy, ...idle]) client.end();
    return {
      sessions: busySessions,
      lines: times.length,
      commandMs: percentiles(times),
      // The whole decoy: SSH, shell, log and recording. Unlike the times it does not depend on what else the machine does.
      processorMsPerCommand: Number(((cpuSeconds * 1000) / times.length).toFixed(2)),
      trapMs: Number(trap.plantedMs.toFixed(2)),
      memoryMb: { empty: emptyMb, with500IdleSessions: idleMb },
    };
  } finally {
    await decoy.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Shell {
  readonly client: ssh2.Client;
  readonly type: (line: string) => Promise<void>;
}

/** Ten at a time: a login costs both ends some 20 ms of processor time. */
async function openShells(decoy: RunningDecoy, count: number): Promise<Shell[]> {
  const shells: Shell[] = [];
  while (shells.length < count) {
    const some = Math.min(10, count - shells.length);
    shells.push(
      ...(await Promise.all(
        Array.from({ length: some }, (_, index) =>
          openShell(decoy.ports.ssh ?? 0, `127.0.0.${2 + ((shells.length + index) % 250)}`),
        ),
      )),
    );
  }
  return shells;
}

async function openShell(port: number, localAddress: string): Promise<Shell> {
  const client = await enterDecoy(port, localAddress);
  const stream = await new Promise<ssh2.ClientChannel>((resolve, reject) => {
    client.shell({ cols: 120, rows: 40 }, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
  let shown = '';
  let look: () => void = () => undefined;
  stream.on('data', (bytes: Buffer) => {
    shown = (shown + bytes.toString('latin1')).slice(-4000);
    look();
  });
  const untilPrompt = () =>
    new Promise<void>((resolve) => {
      look = () => {
        if (prompt.test(shown)) resolve();
      };
      look();
    });
  await untilPrompt();
  return {
    client,
    type(line) {
      shown = '';
      stream.write(`${line}\r`);
      return untilPrompt();
    },
  };
}

async function typeOn(shell: Shell, index: number): Promise<number[]> {
  const times: number[] = [];
  await pause((index * pauseMs) / busySessions);
  for (let round = 0; round < rounds; round++) {
    for (const command of commands) {
      const started = performance.now();
      await shell.type(command);
      times.push(performance.now() - started);
      await pause(pauseMs);
    }
  }
  return times;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function memoryMb({ pid }: RunningDecoy): number {
  const kb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(kb) / 1024);
}
