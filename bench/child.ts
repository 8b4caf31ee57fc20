import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Measured {
  readonly stdout: string;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakRssMegabytes: number;
}

const cerberus = join(import.meta.dirname, '..', 'engine', 'bin', 'cerberus.mjs');
const ticksPerSecond = 100;
const sampleMs = 50;

/** Runs `cerberus <args>` to its end and measures it from outside, through /proc. Its own process only: PostgreSQL is not in it. */
export async function measureCerberus(args: readonly string[], env: Record<string, string>): Promise<Measured> {
  const started = performance.now();
  const child = spawn(process.execPath, [cerberus, ...args], {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString('utf8');
  });
  let usage = { cpuSeconds: 0, peakRssMegabytes: 0 };
  const sampling = setInterval(() => {
    usage = readUsage(child.pid) ?? usage;
  }, sampleMs);
  const [code] = await once(child, 'close');
  clearInterval(sampling);
  if (code !== 0) throw new Error(`cerberus ${args.join(' ')} ended with ${code}`);
  return { stdout, seconds: (performance.now() - started) / 1000, ...usage };
}

/** Processor time and the highest resident memory of a process so far. */
export function readUsage(pid: number | undefined): { cpuSeconds: number; peakRssMegabytes: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return {
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond,
      peakRssMegabytes: Math.round(peakKb / 1024),
    };
  } catch {
    return undefined;
  }
}
