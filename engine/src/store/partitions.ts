import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { Database } from './database.ts';

/** Events outside these years come from a broken clock: they go to the default partition instead of making new ones. */
const oldestYear = 2014;
const aheadMonthsMax = 2;
const dayMs = 86_400_000;

/** Makes sure that events have a partition to go to; remembers what it has made. */
export function createPartitions(database: Database) {
  const known = new Set<string>();

  return async function ensurePartitions(epochMs: Iterable<number>, now: Date): Promise<void> {
    // By day first: formatting a date for each of a million events would cost more than the rest of this.
    const days = new Set<number>();
    for (const time of epochMs) days.add(Math.floor(time / dayMs));
    const months = new Set([...days].map((day) => monthOf(day * dayMs)));
    for (const month of months) {
      if (known.has(month) || !isSensible(month, now)) continue;
      await createPartition(database, month);
      known.add(month);
    }
  };
}

/**
 * Drops partitions whose newest possible event is older than `retentionDays`. Whole months, so an event lives up to a
 * month longer than asked.
 */
export async function dropExpiredPartitions(database: Database, retentionDays: number, now: Date): Promise<string[]> {
  const expiredBefore = now.getTime() - retentionDays * dayMs;
  const dropped: string[] = [];
  for (const month of await listPartitions(database)) {
    if (startOfNext(month) > expiredBefore) continue;
    await database.pool.query(`drop table if exists ${tableOf(month)}`);
    dropped.push(month);
  }
  return dropped;
}

/** `2026-11` for each partition that exists. */
export async function listPartitions(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ name: string }>(
    `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'events'::regclass and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$' order by 1`,
  );
  return rows.map(({ name }) => name.slice('events_'.length).replace('_', '-'));
}

async function createPartition(database: Database, month: string): Promise<void> {
  const [from, to] = [eventIdFloor(startOf(month)), eventIdFloor(startOfNext(month))];
  try {
    // Bounds and name are made of digits here; DDL takes no parameters.
    await database.pool.query(
      `create table if not exists ${tableOf(month)} partition of events for values from ('${from}') to ('${to}')`,
    );
  } catch (error) {
    if (!isMadeByAnother(error)) throw error;
  }
}

/** Two processes may make the same partition; the loser finds the name or the range taken. */
function isMadeByAnother(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === '42P07' || error.code === '42P17' || error.code === '23505')
  );
}

function isSensible(month: string, now: Date): boolean {
  const start = startOf(month);
  return (
    start >= Date.UTC(oldestYear, 0) && start <= Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + aheadMonthsMax)
  );
}

function monthOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7);
}

function startOf(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`);
}

function startOfNext(month: string): number {
  const start = new Date(startOf(month));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
}

function tableOf(month: string): string {
  return `events_${month.replace('-', '_')}`;
}
