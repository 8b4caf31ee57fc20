import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly cpuSeconds: number;
}

export interface TreeUse {
  readonly processes: number;
  readonly cpuSeconds: number;
  readonly memoryMegabytes: number;
  readonly each: readonly (Pick<Process, 'pid' | 'name' | 'cpuSeconds'> & { readonly megabytes: number })[];
}

/** What the engine with all it started, and the PostgreSQL that `backend` belongs to, have used so far and hold now. */
export function measureTrees({ engine, backend }: { readonly engine: number; readonly backend: number }): TreeUse {
  const all = new Map(listProcesses().map((process) => [process.pid, process]));
  const roots = new Set([engine, all.get(backend)?.parent]);
  // The asking backend is ours, not the product's.
  const counted = [...all.values()].filter(({ pid }) => pid !== backend && isBelow(pid, roots, all));
  const each = counted.map(({ pid, name, cpuSeconds }) => ({
    ...{ pid, name, cpuSeconds },
    megabytes: Math.round(pssKilobytes(pid) / 1024),
  }));
  return {
    processes: counted.length,
    cpuSeconds: counted.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    memoryMegabytes: each.reduce((sum, { megabytes }) => sum + megabytes, 0),
    each,
  };
}

function isBelow(pid: number, roots: ReadonlySet<number | undefined>, all: ReadonlyMap<number, Process>): boolean {
  for (let at = all.get(pid); at !== undefined; at = all.get(at.parent)) if (roots.has(at.pid)) return true;
  return false;
}

function listProcesses(): Process[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [parent = 0, user = 0, system = 0] = [fields[1], fields[11], fields[12]].map(Number);
      const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
      return [{ pid: Number(entry), parent, name, cpuSeconds: (user + system) / ticksPerSecond }];
    } catch {
      // It ended while we looked.
      return [];
    }
  });
}

function pssKilobytes(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
