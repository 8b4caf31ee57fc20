import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type pg from 'pg';
import type { Database } from './database.ts';

const folder = join(import.meta.dirname, '..', '..', 'migrations');
/** Any constant: it only has to be the same in every process that migrates. */
const lockKey = 3_141_592_653;

export interface AppliedMigration {
  readonly version: number;
  readonly name: string;
  readonly checksum: string;
}

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

export interface MigrationReport {
  readonly applied: readonly string[];
  readonly version: number;
}

/**
 * Brings the database to this program's version: forward only, one transaction each, one process at a time.
 * @throws CerberusError MIGRATION_FAILED where an applied migration was changed, or the database is newer than the program.
 */
export async function migrate(database: Database): Promise<MigrationReport> {
  const known = await readMigrations();
  const client = await database.pool.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [lockKey]);
    const done = await readApplied(client);
    checkHistory(known, done);
    const open = known.filter((migration) => !done.has(migration.version));
    for (const migration of open) await apply(client, migration);
    return { applied: open.map((migration) => migration.name), version: known.at(-1)?.version ?? 0 };
  } finally {
    await client.query('select pg_advisory_unlock($1)', [lockKey]).catch(() => undefined);
    client.release();
  }
}

export interface SchemaState {
  /** As PostgreSQL counts: 130005 is 13.5. */
  readonly serverVersion: number;
  /** 0 where nothing of ours is there yet. */
  readonly version: number;
  readonly newest: number;
}

/** What `migrate` would find, without changing anything. @throws CerberusError MIGRATION_FAILED where `migrate` would. */
export async function inspectSchema({ pool }: Database): Promise<SchemaState> {
  const known = await readMigrations();
  const { rows } = await pool.query<{ version: string; migrated: boolean }>(
    `select current_setting('server_version_num') as version, to_regclass('schema_migrations') is not null as migrated`,
  );
  const done = rows[0]?.migrated ? await readVersions(pool) : new Map<number, string>();
  checkHistory(known, done);
  return {
    serverVersion: Number(rows[0]?.version),
    version: Math.max(0, ...done.keys()),
    newest: known.at(-1)?.version ?? 0,
  };
}

/** What the database has, in order. */
export async function listApplied(client: Queryable): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select version, name, checksum from schema_migrations order by version',
  );
  return rows;
}

/**
 * Lays out an empty database as `wanted` had made another one, in the caller's transaction.
 * @throws CerberusError MIGRATION_FAILED where this program does not have the same migrations.
 */
export async function layOut(client: Queryable, wanted: readonly AppliedMigration[]): Promise<void> {
  const known = await readMigrations();
  checkHistory(known, new Map(wanted.map(({ version, checksum }) => [version, checksum])));
  await client.query(makeTable);
  for (const { version, name } of wanted) {
    const migration = known.find((candidate) => candidate.version === version);
    if (!migration)
      throw new CerberusError('MIGRATION_FAILED', `This program has no migration ${name}: run a newer CerberusMesh.`);
    await applyWithin(client, migration);
  }
}

type Queryable = Pick<pg.PoolClient, 'query'>;

const makeTable = `create table if not exists schema_migrations (
  version integer primary key, name text not null, checksum text not null, applied_at timestamptz not null default now())`;

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name)).sort();
  return await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8');
      return { version: Number(name.slice(0, 4)), name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    }),
  );
}

async function readApplied(client: pg.PoolClient): Promise<Map<number, string>> {
  await client.query(makeTable);
  return await readVersions(client);
}

async function readVersions(client: pg.PoolClient | pg.Pool): Promise<Map<number, string>> {
  const { rows } = await client.query<{ version: number; checksum: string }>(
    'select version, checksum from schema_migrations',
  );
  return new Map(rows.map((row) => [row.version, row.checksum]));
}

function checkHistory(known: readonly Migration[], done: ReadonlyMap<number, string>): void {
  const newest = known.at(-1)?.version ?? 0;
  for (const [version, checksum] of done) {
    const migration = known.find((candidate) => candidate.version === version);
    if (version > newest) {
      throw new CerberusError(
        'MIGRATION_FAILED',
        `The database is at version ${version}, this program knows ${newest}: run a newer CerberusMesh.`,
      );
    }
    if (migration && migration.checksum !== checksum) {
      throw new CerberusError(
        'MIGRATION_FAILED',
        `${migration.name} was changed after it had been applied: restore the file, and write a new migration.`,
      );
    }
  }
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  const { name } = migration;
  try {
    await client.query('begin');
    await applyWithin(client, migration);
    await client.query('commit');
  } catch (cause) {
    await client.query('rollback').catch(() => undefined);
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new CerberusError('MIGRATION_FAILED', `${name} was refused: ${said}. Nothing of it was kept.`, cause);
  }
}

async function applyWithin(client: Queryable, { version, name, sql, checksum }: Migration): Promise<void> {
  await client.query(sql);
  await client.query('insert into schema_migrations (version, name, checksum) values ($1, $2, $3)', [
    version,
    name,
    checksum,
  ]);
}
