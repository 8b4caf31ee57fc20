import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Database } from '../../src/store/database.ts';
import { type EngineProcess, startProcess } from './engine-process.ts';

export interface Fleet {
  readonly database: Database;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly folder: string;
}

/** Long for a machine that has much else to do. */
const patienceMs = 120_000;

/** `cerberus <role>`, as one of several on this machine. */
export function startRole(role: string, fleet: Fleet, more: Record<string, string> = {}): EngineProcess {
  return startProcess([role], {
    ...{ CERBERUS_DATA_DIR: fleet.folder, DATABASE_URL: fleet.databaseUrl, REDIS_URL: fleet.redisUrl, PORT: '0' },
    ...{ CERBERUS_REDIS_KEY: 'a key for the streams of these tests', ...more },
  });
}

/**
 * Writes a log in shares while an ingest and two workers store it; in each share a worker is killed with SIGKILL in the
 * middle of its work and another takes its place. Every second time Redis is emptied too, and half-way the log is rotated and
 * the ingest is killed: what it put onto the streams and did not see stored is read again, so lines may come twice. Ends when all is stored, or throws.
 */
export async function storeOverKills(fleet: Fleet, lines: readonly string[], kills: number): Promise<void> {
  const log = join(fleet.folder, 'cowrie.json');
  await writeFile(log, '');
  const redis = new Redis(fleet.redisUrl);
  let ingest = startRole('ingest', fleet, { COWRIE_LOG_PATH: log });
  const workers = [startRole('worker', fleet), startRole('worker', fleet)];
  await Promise.all([ingest, ...workers].map((one) => one.untilSaid(/is up/)));
  const share = Math.ceil(lines.length / (kills + 1));
  for (let round = 0; round <= kills; round++) {
    const before = await countEvents(fleet.database);
    await appendFile(log, `${lines.slice(round * share, (round + 1) * share).join('\n')}\n`);
    if (round === kills) break;
    await untilStored(fleet.database, before + 1);
    // Random on purpose: a kill must find the worker at any point of a batch. What is asserted holds for all of them.
    await pause(Math.random() * 100);
    const victim = round % 2;
    await workers[victim]?.kill('SIGKILL');
    if (victim === 1) await redis.flushall();
    workers[victim] = startRole('worker', fleet);
    if (round === kills >> 1) {
      await rename(log, `${log}.2026-10-01`);
      await ingest.kill('SIGKILL');
      ingest = startRole('ingest', fleet, { COWRIE_LOG_PATH: log });
      await ingest.untilSaid(/is up/);
    }
    await workers[victim].untilSaid(/is up/);
  }
  await untilStored(fleet.database, lines.length);
  for (const one of [ingest, ...workers]) {
    const code = await one.kill('SIGTERM');
    if (code !== 0) throw new Error(`A role ended with ${code}: ${one.said().slice(-2000)}`);
  }
  redis.disconnect();
}

/** All that follows from the order in which a session's lines were assessed, and all that is counted. */
export async function readAllTold({ pool }: Database): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select 'session' as what, session_id as key, state, event_count, command_count, severity, threat_score, techniques from sessions
     union all
     select 'event', id::text, raw_event::jsonb, 1, 1, severity, threat_score, techniques from events
     union all
     select 'attacker', ip_address, null, total_events, total_sessions, threat_level, threat_score, null from attackers
     order by 1, 2`,
  );
  return rows;
}

/** The ledger of every source that something was stored of. */
export async function readFleetLedger({ pool }: Database) {
  const { rows } = await pool.query(
    `select bytes_read = bytes_stored + bytes_parked as balanced, lines_stored as stored
       from sources where lines_stored > 0`,
  );
  return rows;
}

async function untilStored(database: Database, count: number): Promise<void> {
  const until = Date.now() + patienceMs;
  for (let stored = 0; stored < count; stored = await countEvents(database)) {
    if (Date.now() > until) throw new Error(`${stored} of ${count} events are stored after ${patienceMs / 1000} s.`);
    await pause(20);
  }
}

async function countEvents({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from events');
  return rows[0]?.count ?? 0;
}
