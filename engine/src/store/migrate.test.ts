import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { migrate } from './migrate.ts';

describe('migrate', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it('applies nothing to a database that is up to date', async () => {
    expect((await migrate(database)).applied).toEqual([]);
  });

  it('lets several processes migrate at once, and each migration is applied once', async () => {
    await database.pool.query('drop schema public cascade; create schema public');
    const reports = await Promise.all([migrate(database), migrate(database), migrate(database)]);
    const applied = reports.flatMap((report) => report.applied);
    expect(applied.length).toBeGreaterThan(0);
    expect(new Set(applied).size).toBe(applied.length);
  });

  it('refuses a database whose applied migration was changed since', async () => {
    await database.pool.query(`update schema_migrations set checksum = 'other' where version = 1`);
    await expect(migrate(database)).rejects.toMatchObject({ code: 'MIGRATION_FAILED' });
  });

  it('refuses a database that is newer than the program', async () => {
    await database.pool.query(`insert into schema_migrations (version, name, checksum) values (9999, 'x', 'x')`);
    await expect(migrate(database)).rejects.toThrow(/version 9999/);
  });
});
