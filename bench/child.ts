import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
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
    const now = readUsage(child.pid) ?? usage;
    // Of a process that has just ended the memory is gone, and its peak reads as 0.
    usage = { ...now, peakRssMegabytes: Math.max(now.peakRssMegabytes, usage.peakRssMegabytes) };
  }, sampleMs);
  const [code] = await once(child, 'close');
  clearInterval(sampling);
  if (code !== 0) throw new Error(`cerberus ${args.join(' ')} ended with ${code}`);
  return { stdout, seconds: (performance.now() - started) / 1000, ...usage };
}

/** Processor time and the highest resident memory of a process so far. */
export function readUsage(pid: number | undefined): { cpuSeconds: number; peakRssMegabytes: number } | undefined {
  try {
    const { own } = readTicks(`${pid}`);
    const peakKb = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    return { cpuSeconds: own / ticksPerSecond, peakRssMegabytes: Math.round(peakKb / 1024) };
  } catch {
    return undefined;
  }
}

/** Processor time of a PostgreSQL server so far, its ended backends included; told by one of its backends. */
export function readServerCpuSeconds(backendPid: number): number {
  const postmaster = readTicks(`${backendPid}`).parent;
  const { own, ended } = readTicks(`${postmaster}`);
  let ticks = own + ended;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const process = readTicks(pid);
      if (process.parent === postmaster) ticks += process.own;
    } catch {
      // It ended while we looked.
    }
  }
  return ticks / ticksPerSecond;
}

/** Of /proc/PID/stat: the parent, the process's own user and system time, and that of its ended children. */
function readTicks(pid: string): { parent: number; own: number; ended: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parent = 0] = fields.slice(1);
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11);
  return { parent, own: user + system, ended: endedUser + endedSystem };
}
