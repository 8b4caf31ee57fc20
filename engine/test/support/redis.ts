import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from './free-port.ts';

export interface RealRedis {
  readonly port: number;
  readonly url: string;
  /** Ends it with SIGKILL, and starts it again on the same port with what it had written down. */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A real Redis on a free port of the loopback, which writes every command down. */
export async function startRedis(further: Readonly<Record<string, string>> = {}): Promise<RealRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-redis-'));
  const port = await freePort();
  const launch = () => launchRedis(dir, { port: String(port), ...further });
  let child = await launch();
  return {
    port,
    url: `redis://127.0.0.1:${port}/0`,
    kill: () => end(child),
    async start() {
      child = await launch();
    },
    async stop() {
      await end(child);
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function launchRedis(dir: string, further: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const settings = { bind: '127.0.0.1', dir, appendonly: 'yes', appendfsync: 'always', save: '', ...further };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.removeListener('exit', killAtExit));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
