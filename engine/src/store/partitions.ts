import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type pg from 'pg';
import type { Database } from './database.ts';

/** Events outside these years come from a broken clock: they go to the default partition instead of making new ones. */
const oldestYear = 2014;
const aheadMonthsMax = 2;
const dayMs = 86_400_000;

/** So long it is believed that a partition is there: retention of another process may have taken it. */
const believedMs = 60_000;

/** Makes sure that events have a partition to go to; remembers for a minute what it has made. */
export function createPartitions(database: Database) {
  const knownSince = new Map<string, number>();

  /** `months` as `monthsOf` gives them. */
  return async function ensurePartitions(months: ReadonlySet<string>, now: Date): Promise<void> {
    for (const month of months) {
      // Both ways: a clock may be set back.
      const ageMs = Math.abs(now.getTime() - (knownSince.get(month) ?? Number.NEGATIVE_INFINITY));
      if (ageMs < believedMs || !isSensible(month, now)) continue;
      await createPartition(database, month);
      knownSince.set(month, now.getTime());
    }
  };
}

/** The months of these times in UTC, each as `2026-11`. */
export function monthsOf(epochMs: Iterable<number>): ReadonlySet<string> {
  // By day first: formatting a date for each of a million events would cost more than the rest of this.
  const days = new Set<number>();
  for (const time of epochMs) days.add(Math.floor(time / dayMs));
  return new Set([...days].map((day) => monthOf(day * dayMs)));
}

type Queryable = Pick<pg.Pool, 'query'>;

export interface Partition {
  /** `2026-11` */
  readonly month: string;
  readonly bytes: number;
}

/** The months that events have a partition for, oldest first. */
export async function listPartitions({ pool }: { readonly pool: Queryable }): Promise<Partition[]> {
  const { rows } = await pool.query<{ name: string; bytes: number }>(
    `select c.relname as name, pg_total_relation_size(c.oid) as bytes
       from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'events'::regclass and c.relname ~ '^events_[0-9]{4}_[0-9]{2}$' order by 1`,
  );
  return rows.map(({ name, bytes }) => ({ month: name.slice('events_'.length).replace('_', '-'), bytes }));
}

/** Of all that the database holds, events and the rest. */
export async function sumDatabaseBytes({ pool }: { readonly pool: Queryable }): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>('select pg_database_size(current_database()) as bytes');
  return rows[0]?.bytes ?? 0;
}

/** @param month as `listPartitions` gives it */
export async function addPartition(client: Queryable, month: string): Promise<void> {
  const table = tableOf(month);
  const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [table]);
  if (rows[0]?.there) return;
  await client.query(`create table if not exists ${table} partition of events ${boundsOf(month).text};
                      ${likeItsParent(table)}`);
}

/** A new partition has its parent's indexes, and not what migrations 0045 and 0055 say of statistics and vacuum. */
function likeItsParent(table: string): string {
  const columns = ['raw_event', 'assessment', 'raw_bytes', 'why'];
  const withoutStatistics = columns.map((column) => `alter column ${column} set statistics 0`).join(', ');
  return `alter table ${table} ${withoutStatistics},
            set (autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 100000)`;
}

async function createPartition(database: Database, month: string): Promise<void> {
  try {
    await addPartition(database.pool, month);
  } catch (error) {
    if (isCode(error, ['23514'])) await takeFromDefault(database, month);
    else if (!isMadeByAnother(error)) throw error;
  }
}

/** Bounds and names are made of digits; DDL takes no parameters. */
function boundsOf(month: string) {
  const [from, to] = [eventIdFloor(startOf(month)), eventIdFloor(startOfNext(month))];
  return { from, to, text: `for values from ('${from}') to ('${to}')` };
}

/**
 * The default partition may hold events of the month: of a sensor whose clock was months ahead, or that came while the
 * month was being dropped. PostgreSQL makes no partition beside them, so they move into it.
 */
async function takeFromDefault(database: Database, month: string): Promise<void> {
  const table = tableOf(month);
  const { from, to, text } = boundsOf(month);
  await database.transaction(async (client) => {
    await client.query('lock table events_default in access exclusive mode');
    await client.query(`create table ${table} (like events including all); ${likeItsParent(table)}`);
    await client.query(
      `with moved as (delete from events_default where id >= '${from}' and id < '${to}' returning *)
       insert into ${table} select * from moved`,
    );
    await client.query(`alter table events attach partition ${table} ${text}`);
  });
}

/** Two processes may make the same partition; the loser finds the name or the range taken. */
export function isMadeByAnother(error: unknown): boolean {
  return isCode(error, ['42P07', '42P17', '23505']);
}

function isCode(error: unknown, codes: readonly unknown[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(error.code);
}

function isSensible(month: string, now: Date): boolean {
  const start = startOf(month);
  return (
    start >= Date.UTC(oldestYear, 0) && start <= Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + aheadMonthsMax)
  );
}

/** `2026-11`, in UTC. */
export function monthOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 7);
}

function startOf(month: string): number {
  return Date.parse(`${month}-01T00:00:00Z`);
}

/** The first moment after a month. */
export function startOfNext(month: string): number {
  const start = new Date(startOf(month));
  return Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1);
}

/** `events_2026_11`. Only of a month of `monthOf`: it goes into SQL as it is. */
export function tableOf(month: string): string {
  return `events_${month.replace('-', '_')}`;
}
