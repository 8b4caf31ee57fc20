import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { type AppliedMigration, listApplied } from '../migrate.ts';
import { lockKeys } from '../one-at-a-time.ts';
import { listPartitions } from '../partitions.ts';
import { listTables, type StoredTable } from './tables.ts';

export interface StateReading {
  readonly serverVersion: number;
  readonly migrations: readonly AppliedMigration[];
  readonly months: readonly string[];
  readonly tables: readonly StoredTable[];
  /** PostgreSQL's text form, which every version reads. @returns how many rows there were */
  readTable(table: StoredTable, onBytes: (bytes: Buffer) => Promise<void>): Promise<number>;
}

/**
 * Reads all tables as they were at one moment, while others go on writing: one transaction that sees one state, on a
 * connection of its own. Meanwhile no month of events is taken out.
 */
export async function readState<T>(url: string, work: (reading: StateReading) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'cerberus backup' });
  // One that is cut off fails the next statement, which tells it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // Retention does nothing while somebody else has its lock.
    await client.query('select pg_advisory_lock_shared($1)', [lockKeys.retention]);
    await client.query('begin isolation level repeatable read read only');
    const { rows } = await client.query<{ version: string }>(`select current_setting('server_version_num') as version`);
    return await work({
      serverVersion: Number(rows[0]?.version),
      migrations: await listApplied(client),
      months: (await listPartitions({ pool: client })).map(({ month }) => month),
      tables: await listTables(client),
      async readTable({ name, columns }, onBytes) {
        // Names come from PostgreSQL's own catalogue, quoted by it.
        const copy = client.query(copyTo(`copy (select ${columns.join(', ')} from ${name}) to stdout`));
        for await (const bytes of copy) await onBytes(bytes);
        return copy.rowCount;
      },
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
