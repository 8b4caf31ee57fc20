import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { systemClock } from '../engine/src/kit/clock.ts';
import { openDatabase } from '../engine/src/store/database.ts';
import { startEmbeddedPostgres } from '../engine/src/store/embedded/server.ts';
import { migrate } from '../engine/src/store/migrate.ts';
import { startRedis } from '../engine/test/support/redis.ts';
import {
  type Fleet,
  readAllTold,
  readFleetLedger,
  startRole,
  storeOverKills,
} from '../engine/test/support/worker-fleet.ts';
import { measureCerberus, readUsage } from './child.ts';
import { makeLines, writeLines } from './make-lines.ts';
import { serverCpuSeconds } from './server-cpu.ts';

/**
 * `npm run bench -- workers [--lines N]`: two workers against one.
 *
 * Database, Redis, ingest and workers share the cores of one machine here, so wall time alone says how many cores there are.
 * What a worker can store in a second of its own core is told by processor time: `lines / the busiest worker's seconds`.
 * `ratioByProcessor` compares that of two workers with that of one; what two cost more than one (smaller batches, sessions
 * that are looked up again, uneven partitions) is in it, the processor time of the others is not. What it cannot show is
 * waiting for each other's row locks; `lockWaits` is the share of looks at the workers' connections that found one waiting so.
 *
 * `npm run bench -- workers --kills N`: SIGKILL of workers N times, with flushes of Redis and a rotation; each line once, and
 * all that is told of sessions, attackers and events is what one process tells.
 */
export async function benchWorkers({ lines, kills }: { lines?: number; kills?: number }): Promise<object> {
  if (kills !== undefined) return await benchKills(lines ?? kills * 2000, kills);
  const one = await measureFleet(lines ?? 100_000, 1);
  const two = await measureFleet(lines ?? 100_000, 2);
  return {
    bench: 'workers',
    lines: lines ?? 100_000,
    one,
    two,
    ratioByProcessor: round(Math.max(...one.workerCpuSeconds) / Math.max(...two.workerCpuSeconds)),
    ratioByWallTime: round(one.seconds / two.seconds),
  };
}

async function measureFleet(lines: number, workers: number) {
  return await onFleet(async (fleet) => {
    const log = join(fleet.folder, 'cowrie.json');
    await writeLines(log, lines);
    const running = Array.from({ length: workers }, () => startRole('worker', fleet));
    await Promise.all(running.map((worker) => worker.untilSaid(/is up/)));
    const cpuBefore = running.map(cpuOf);
    const [serverBefore, redisBefore] = [await serverCpuSeconds(fleet.databaseUrl), await redisCpuSeconds(fleet)];
    const started = performance.now();
    const ingest = startRole('ingest', fleet, { COWRIE_LOG_PATH: log });
    let looks = 0;
    let waits = 0;
    while ((await ask(fleet, storedText)) < lines) {
      waits += await ask(fleet, waitsText);
      looks++;
      await pause(50);
    }
    const seconds = (performance.now() - started) / 1000;
    const figures = {
      seconds: round(seconds),
      eventsPerSecond: Math.round(lines / seconds),
      workerCpuSeconds: running.map((worker, at) => round(cpuOf(worker) - (cpuBefore[at] ?? 0))),
      ingestCpuSeconds: round(cpuOf(ingest)),
      databaseCpuSeconds: round((await serverCpuSeconds(fleet.databaseUrl)) - serverBefore),
      redisCpuSeconds: round((await redisCpuSeconds(fleet)) - redisBefore),
      lockWaits: round(waits / Math.max(1, looks * workers)),
    };
    for (const role of [ingest, ...running]) await role.kill('SIGTERM');
    return figures;
  });
}

async function benchKills(lines: number, kills: number): Promise<object> {
  const started = performance.now();
  return await onFleet(async (fleet) => {
    const all = [...makeLines(lines)];
    await storeOverKills(fleet, all, kills);
    const ledger = await readFleetLedger(fleet.database);
    const told = JSON.stringify(await readAllTold(fleet.database));
    const isSame = await onFleet(async (alone) => {
      const file = join(alone.folder, 'whole.json');
      await writeFile(file, `${all.join('\n')}\n`);
      await measureCerberus(['replay', '--json', file], {
        ...{ CERBERUS_DATA_DIR: alone.folder, DATABASE_URL: alone.databaseUrl },
      });
      return JSON.stringify(await readAllTold(alone.database)) === told;
    });
    const seconds = round((performance.now() - started) / 1000);
    return { bench: 'workers, kills', lines, kills, flushes: kills >> 1, ledger, sameAsOneProcess: isSame, seconds };
  });
}

async function onFleet<T>(use: (fleet: Fleet) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cerberus-bench-'));
  const server = await startEmbeddedPostgres({ dataDir: folder, clock: systemClock });
  const redis = await startRedis();
  const database = openDatabase({ url: server.url, applicationName: 'bench' });
  try {
    await migrate(database);
    return await use({ database, databaseUrl: server.url, redisUrl: redis.url, folder });
  } finally {
    await database.close();
    await redis.stop();
    await server.release();
    await rm(folder, { recursive: true, force: true });
  }
}

const storedText = 'select coalesce(sum(events), 0)::int as answer from rollup_hours';
const waitsText = `select count(*)::int as answer from pg_stat_activity
  where wait_event_type = 'Lock' and application_name like 'cerberus%'`;

async function ask({ database }: Fleet, text: string): Promise<number> {
  const { rows } = await database.pool.query<{ answer: number }>(text);
  return rows[0]?.answer ?? 0;
}

function cpuOf({ child }: { child: { pid?: number | undefined } }): number {
  return readUsage(child.pid)?.cpuSeconds ?? 0;
}

async function redisCpuSeconds({ redisUrl }: Fleet): Promise<number> {
  const redis = new Redis(redisUrl);
  const told = await redis.info('cpu');
  redis.disconnect();
  await once(redis, 'end');
  return [...told.matchAll(/used_cpu_(?:user|sys):([\d.]+)/g)].reduce((sum, [, value]) => sum + Number(value), 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
