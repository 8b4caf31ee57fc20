import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestClock } from '../src/serve/support/test-clock.ts';
import { openReadPool, type ReadPool } from '../src/store/read/reader.ts';
import { createReplicaReader } from '../src/store/read/replica.ts';
import {
  type DebianPostgres,
  findDebianPostgres,
  startDebianPostgres,
  startDebianReplica,
} from './support/debian-postgres.ts';

const bin = findDebianPostgres();
let primary: DebianPostgres;
let replica: Awaited<ReturnType<typeof startDebianReplica>>;
let folder: string;
const pools: ReadPool[] = [];
beforeAll(async () => {
  if (bin === undefined) return;
  folder = await mkdtemp(join(tmpdir(), 'cerberus-replica-'));
  await chmod(folder, 0o755);
  primary = await startDebianPostgres(bin, { isDurable: false });
  replica = await startDebianReplica(bin, folder, primary.url);
}, 120_000);
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  if (bin === undefined) return;
  stopReplica();
  primary.stop();
  await rm(folder, { recursive: true, force: true });
});

// Skipped only where Debian's PostgreSQL is missing; npm test installs it.
it.skipIf(bin === undefined)(
  'a replica is asked for what bears a lag, the primary while it is away, and faults of a question stay what they are',
  async () => {
    const clock = createTestClock(new Date());
    const told: string[] = [];
    const reader = createReplicaReader({
      ...{ clock, primary: open(primary.url), replica: open(replica.url) },
      onAway: () => told.push('away'),
      onBack: () => told.push('back'),
    });
    const isReplica = async () => (await reader.rows('select pg_is_in_recovery() as answer'))[0]?.['answer'];
    expect(await isReplica()).toBe(true);
    await expect(reader.rows('select pg_sleep(5)')).rejects.toMatchObject({ code: 'QUERY_TOO_SLOW' });
    expect(await isReplica()).toBe(true);
    stopReplica();
    expect(await isReplica()).toBe(false);
    expect(await isReplica()).toBe(false);
    replica.start();
    expect(await isReplica()).toBe(false);
    clock.advance(10_000);
    expect(await isReplica()).toBe(true);
    expect(told).toEqual(['away', 'back']);
  },
  60_000,
);

function open(url: string): ReadPool {
  const pool = openReadPool(url);
  pools.push(pool);
  return pool;
}

function stopReplica(): void {
  replica.run('pg_ctl', '-D', replica.cluster, '-m', 'immediate', 'stop');
}
