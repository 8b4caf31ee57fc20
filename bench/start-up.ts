import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const cerberus = join(import.meta.dirname, '..', 'engine', 'bin', 'cerberus.mjs');

export interface RunningUp {
  readonly url: string;
  readonly token: string;
  readonly databaseUrl: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts `cerberus up` as a user would, and reads its address and first token from what it prints. */
export async function startUp(env: Record<string, string>, args: readonly string[] = []): Promise<RunningUp> {
  const child = spawn(process.execPath, [cerberus, 'up', ...args], {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const find = (form: RegExp) => form.exec(said)?.[1];
  while (find(/is up:\s+(\S+)/) === undefined) {
    if (child.exitCode !== null) throw new Error(`cerberus up ended: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const { port, password } = JSON.parse(readFileSync(join(env['CERBERUS_DATA_DIR'] ?? '', 'postgres.json'), 'utf8'));
  return {
    url: find(/is up:\s+(\S+)/) ?? '',
    token: find(/(cm_\S+)/) ?? '',
    databaseUrl: `postgresql://cerberus:${password}@127.0.0.1:${port}/postgres`,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}
