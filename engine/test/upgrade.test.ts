import type pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { visitsOf } from '../src/store/address-visits.ts';
import { type Database, openDatabase } from '../src/store/database.ts';
import { migrate } from '../src/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { withDatabase } from './support/embedded.ts';
import { makePrevious, previousVersion } from './support/previous-release.ts';

let fresh: TestDatabase;
let old: Database;

beforeAll(async () => {
  fresh = await createTestDatabase();
  await fresh.pool.query('create database of_previous_release');
  old = openDatabase({ url: withDatabase(inject('postgresUrl'), 'of_previous_release'), applicationName: 'test' });
  await makePrevious(old.pool);
});

afterAll(async () => {
  await old?.close();
  await fresh?.pool.query('drop database of_previous_release with (force)');
  await fresh?.drop();
});

it('a database of the previous release keeps its rows and becomes what a fresh one is', async () => {
  const { applied } = await migrate(old);
  expect(applied.length).toBeGreaterThan(0);
  expect(applied.every((name) => Number(name.slice(0, 4)) > previousVersion)).toBe(true);
  expect(await columnsOf(old.pool)).toEqual(await columnsOf(fresh.pool));
  expect(await definitionsOf(old.pool)).toEqual(await definitionsOf(fresh.pool));
  const { rows } = await old.pool.query(
    `select e.command, e.severity, s.successful_login from events e join sessions s using (session_id, sensor)`,
  );
  expect(rows).toEqual([{ command: 'id', severity: 'LOW', successful_login: true }]);
});

it('what an address did before stays found by it', async () => {
  const { rows } = await old.pool.query(visitsOf(`'192.0.2.1'`));
  expect(rows).toMatchObject([{ session_id: 's1', sensor: 'cowrie' }]);
});

it('migrating it again changes nothing', async () => {
  expect((await migrate(old)).applied).toEqual([]);
});

async function columnsOf(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
     where table_schema = 'public' order by table_name, column_name`,
  );
  return rows;
}

/** Indexes, and what triggers run. */
async function definitionsOf(pool: pg.Pool): Promise<unknown[]> {
  const { rows } = await pool.query(
    `select indexdef as definition from pg_indexes where schemaname = 'public'
     union all select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
     union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint
       where connamespace = 'public'::regnamespace order by 1`,
  );
  return rows;
}
