import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { measureTrees } from './process-tree.ts';
import { startUp } from './start-up.ts';

const settleMs = 20_000;

/**
 * `npm run bench -- idle [--seconds N]`: what the default install (engine, embedded PostgreSQL, own decoys) takes while
 * nothing happens, after it has settled. Memory is counted as PSS, so that what processes share counts once.
 */
export async function benchIdle({ seconds = 60 }: { seconds?: number }): Promise<object> {
  const dataDir = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const up = await startUp({ CERBERUS_DATA_DIR: dataDir, COWRIE_LOG_PATH: join(dataDir, 'cowrie.json'), PORT: '0' });
  const client = new pg.Client({ connectionString: up.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const roots = { engine: up.pid, backend: rows[0]?.pid ?? 0 };
    await pause(settleMs);
    const before = measureTrees(roots);
    await pause(seconds * 1000);
    const after = measureTrees(roots);
    const percent = (cpuSeconds: number) => Math.round((cpuSeconds / seconds) * 10_000) / 100;
    return {
      bench: 'idle',
      seconds,
      cpuPercent: percent(after.cpuSeconds - before.cpuSeconds),
      ...{ processes: after.processes, memoryMegabytes: after.memoryMegabytes },
      ofEach: after.each.map(({ pid, name, megabytes, cpuSeconds }) => {
        const began = before.each.find((process) => process.pid === pid)?.cpuSeconds ?? 0;
        return `${name} ${megabytes} MB ${percent(cpuSeconds - began)} %`;
      }),
    };
  } finally {
    await client.end();
    await up.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
