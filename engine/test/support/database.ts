import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { withDatabase } from './embedded.ts';

export interface TestDatabase extends Database {
  readonly url: string;
  /** Closes the pool and removes the database; fails while a connection of the test is still open. */
  drop(): Promise<void>;
}

/** A fresh migrated database in the test run's embedded PostgreSQL 18. */
export async function createTestDatabase(serverUrl: string = inject('postgresUrl')): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  // Copying the files costs a third of writing each page to the log as well, which is PostgreSQL's default from 15 on.
  await onServer(serverUrl, `create database ${name} template template_migrated strategy file_copy`);
  const url = withDatabase(serverUrl, name);
  const database = openDatabase({ url, applicationName: 'test' });
  return {
    ...database,
    url,
    async drop() {
      await database.close();
      await onServer(serverUrl, `drop database ${name} with (force)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
