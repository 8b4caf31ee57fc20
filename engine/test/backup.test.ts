import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { openAuditChain } from '../src/compose/audit-chain.ts';
import { openBackup } from '../src/compose/backup/check-backup.ts';
import { makeBackup } from '../src/compose/backup/make-backup.ts';
import { restoreBackup } from '../src/compose/backup/restore-backup.ts';
import { type Config, readConfig } from '../src/config.ts';
import { systemClock as clock } from '../src/kit/clock.ts';
import { Secret } from '../src/kit/secret.ts';
import { listTables } from '../src/store/backup/tables.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { findDebianPostgres, startDebianPostgres } from './support/debian-postgres.ts';
import { withDatabase } from './support/embedded.ts';
import { startProcess } from './support/engine-process.ts';
import { makePrevious, previousVersion } from './support/previous-release.ts';

const masterKey = 'a pass phrase of the test';
let folder: string;
let source: TestDatabase;
let made: Config;

/** An engine that played our recordings, a file of evidence, and a backup of it while it ran. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-backup-'));
  source = await createTestDatabase();
  made = configOf({ CERBERUS_DATA_DIR: join(folder, 'made'), DATABASE_URL: source.url });
  const engine = startProcess(['up', '--demo'], {
    ...{ CERBERUS_DATA_DIR: made.state.dir, DATABASE_URL: source.url, CERBERUS_MASTER_KEY: masterKey },
    ...{ PORT: '0', COWRIE_LOG_PATH: join(folder, 'none.json') },
  });
  try {
    await engine.untilSaid(/"decision":"monitor"/);
    await keepEvidence();
    await makeBackup(join(folder, 'running'), { config: made, clock });
  } finally {
    await engine.kill('SIGTERM');
  }
});

afterAll(async () => {
  await source?.drop();
  await rm(folder, { recursive: true, force: true });
});

it("is of one moment though the engine went on writing, and Debian's older server takes it", async () => {
  const bin = findDebianPostgres();
  if (bin === undefined) throw new Error('Debian has no PostgreSQL here: apt-get install postgresql.');
  const server = await startDebianPostgres(bin, { isDurable: false });
  const config = configOf({ CERBERUS_DATA_DIR: join(folder, 'debian'), DATABASE_URL: server.url });
  try {
    const report = await restoreBackup(join(folder, 'running'), { config, clock });
    expect(report.applied).toEqual([]);
    await using(server.url, async (restored) => {
      const { rows } = await restored.pool.query(
        `select (select count(*)::int from events where not is_probe) as events, (select sum(events)::int from rollup_hours) as counted,
                (select count(*)::int from decisions) as decisions`,
      );
      expect(rows[0].events).toBeGreaterThan(20);
      expect(rows[0].counted).toBe(rows[0].events);
      expect(rows[0].decisions).toBeGreaterThan(0);
      const audit = await openAuditChain({
        database: restored,
        stateDir: config.state.dir,
        clock,
        onFailure: () => undefined,
      });
      expect((await audit.verify()).faults).toEqual([]);
    });
    const evidence = join(config.state.dir, 'evidence/cowrie/session.log');
    expect(await readFile(evidence)).toEqual(await readFile(join(made.state.dir, 'evidence/cowrie/session.log')));
    const key = await readFile(join(made.state.dir, 'install.key'), 'utf8');
    expect(await readFile(join(config.state.dir, 'install.key'), 'utf8')).toBe(key);
    await using(server.url, async ({ pool }) => {
      expect((await pool.query('select path from kept_files')).rows).toEqual([{ path: evidence }]);
      const { rows } = await pool.query(
        `insert into audit_log (actor, action, subject) values ('t', 't.t', 't') returning id`,
      );
      expect(rows[0].id).toBeGreaterThan(1);
    });
  } finally {
    server.stop();
  }
  // Debian's initdb takes a second, and twenty on a machine that is busy.
}, 120_000);

it('brings back every row of every table as it was', async () => {
  // A month that waits for its archive is a table of its own.
  const waiting = `archived_${'0a'.repeat(16)}`;
  await source.pool.query(`create table ${waiting} as select * from events limit 3`);
  const { tables } = await makeBackup(join(folder, 'at-rest'), { config: made, clock });
  await withEmpty('of_restored', async (url) => {
    await restoreBackup(join(folder, 'at-rest'), {
      config: configOf({ CERBERUS_DATA_DIR: join(folder, 'whole'), DATABASE_URL: url }),
      clock,
    });
    await using(url, async ({ pool }) => {
      // What was kept of that recording is told with its new place, and both commands told the audit log of themselves.
      const compared = Object.keys(tables).filter((name) => name !== 'kept_files' && name !== 'audit_log');
      expect(compared.length).toBeGreaterThan(40);
      for (const table of compared) expect(await digest(pool, table), table).toEqual(await digest(source.pool, table));
      expect(await listTables(pool)).toEqual(await listTables(source.pool));
    });
  });
  await source.pool.query(`drop table ${waiting}`);
});

it('of the previous release it is brought to this version', async () => {
  await withEmpty('of_previous_backup', async (oldUrl) => {
    await using(oldUrl, async ({ pool }) => await makePrevious(pool));
    const old = configOf({ CERBERUS_DATA_DIR: join(folder, 'old'), DATABASE_URL: oldUrl });
    expect(await makeBackup(join(folder, 'previous'), { config: old, clock })).toMatchObject({
      schemaVersion: previousVersion,
    });
    await withEmpty('of_brought', async (url) => {
      const config = configOf({ CERBERUS_DATA_DIR: join(folder, 'brought'), DATABASE_URL: url });
      const { applied } = await restoreBackup(join(folder, 'previous'), { config, clock });
      expect(applied.length).toBeGreaterThan(0);
      await using(url, async ({ pool }) => {
        expect((await pool.query('select command, severity from events')).rows).toEqual([
          { command: 'id', severity: 'LOW' },
        ]);
        expect(await listTables(pool)).toEqual(await listTables(source.pool));
      });
    });
  });
});

it('holds nothing in clear: no key, no password, no line of a visitor', async () => {
  const bytes = await readFile(join(folder, 'running'));
  const { rows } = await source.pool.query<{ command: string }>(
    'select command from events where length(command) > 12 limit 3',
  );
  const key = await readFile(join(made.state.dir, 'install.key'), 'utf8');
  for (const text of [key, masterKey, ...rows.map(({ command }) => command)]) expect(bytes.includes(text)).toBe(false);
});

it('without a master key its own key is written beside it, and nothing opens without that', async () => {
  const config = { ...made, state: { ...made.state, masterKey: null } };
  const { keyFile } = await makeBackup(join(folder, 'keyed'), { config, clock });
  const key = await readFile(keyFile ?? '', 'utf8');
  const check = async () => {
    const backup = await openBackup(join(folder, 'keyed'), null);
    try {
      return await backup.check();
    } finally {
      await backup.close();
    }
  };
  expect((await check()).files).toBeGreaterThan(1);
  await writeFile(keyFile ?? '', randomBytes(32).toString('base64url'));
  await expect(check()).rejects.toMatchObject({ code: 'BACKUP_DAMAGED' });
  await rm(keyFile ?? '');
  await expect(check()).rejects.toMatchObject({ code: 'BAD_SECRET' });
  await writeFile(keyFile ?? '', key);
  await check();
});

it('refuses what is there already, what is altered and what is cut off, and leaves the place as it was', async () => {
  await expect(makeBackup(join(folder, 'running'), { config: made, clock })).rejects.toMatchObject({
    code: 'BACKUP_REFUSED',
  });
  const taken = configOf({ CERBERUS_DATA_DIR: made.state.dir, DATABASE_URL: source.url });
  await expect(restoreBackup(join(folder, 'running'), { config: taken, clock })).rejects.toMatchObject({
    code: 'NOT_EMPTY',
  });
  const dir = join(folder, 'nothing');
  const full = configOf({ CERBERUS_DATA_DIR: dir, DATABASE_URL: source.url });
  await expect(restoreBackup(join(folder, 'running'), { config: full, clock })).rejects.toMatchObject({
    code: 'NOT_EMPTY',
  });
  expect(await readdir(dir)).toEqual([]);
  const bytes = await readFile(join(folder, 'running'));
  const altered = Buffer.from(bytes);
  altered[bytes.length - 100] = (altered[bytes.length - 100] ?? 0) ^ 1;
  for (const damaged of [
    altered,
    bytes.subarray(0, -1),
    bytes.subarray(0, bytes.length >> 1),
    Buffer.from('no backup'),
  ]) {
    await writeFile(join(folder, 'damaged'), damaged);
    // The file is read to its end before the database is asked for, so there need not be one.
    const config = configOf({ CERBERUS_DATA_DIR: dir, DATABASE_URL: 'postgresql://127.0.0.1:1/none' });
    await expect(restoreBackup(join(folder, 'damaged'), { config, clock })).rejects.toMatchObject({
      code: 'BACKUP_DAMAGED',
    });
    expect(await readdir(dir)).toEqual([]);
  }
});

async function keepEvidence(): Promise<void> {
  const path = join(made.state.dir, 'evidence', 'cowrie', 'session.log');
  await mkdir(join(path, '..'), { recursive: true });
  // Longer than a piece.
  await writeFile(path, randomBytes(3_000_000));
  await source.pool.query(
    `insert into kept_files (sensor, session_id, kind, name, path, kept_at) values ('cowrie', 's1', 'recording', 'session.log', $1, now())`,
    [path],
  );
}

function configOf(env: Record<string, string>): Config {
  const readFile = (): never => {
    throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
  };
  const config = readConfig({ flags: {}, cwd: folder, home: folder, projectDir: null, readFile, env });
  return { ...config, state: { ...config.state, masterKey: new Secret(masterKey) } };
}

/** What a table holds, as PostgreSQL prints it, in an order of its own. */
async function digest(pool: pg.Pool, table: string): Promise<unknown> {
  const { rows } = await pool.query(
    `select count(*)::int as rows, md5(string_agg(t::text, E'\\n' order by t::text)) from ${table} t`,
  );
  return rows[0];
}

async function withEmpty(name: string, work: (url: string) => Promise<void>): Promise<void> {
  await source.pool.query(`create database ${name}`);
  try {
    await work(withDatabase(inject('postgresUrl'), name));
  } finally {
    await source.pool.query(`drop database ${name} with (force)`);
  }
}

async function using(url: string, work: (database: Database) => Promise<void>): Promise<void> {
  const database = openDatabase({ url, applicationName: 'test' });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}
