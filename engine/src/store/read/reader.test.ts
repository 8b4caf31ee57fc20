import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { openReadPool, type ReadPool } from './reader.ts';

let database: TestDatabase;
let reader: ReadPool;
beforeAll(async () => {
  database = await createTestDatabase();
  reader = openReadPool(database.url);
});
afterAll(async () => {
  await reader.close();
  await database.drop();
});

describe('reading', () => {
  it('a statement without end is stopped and told apart from a database that is away', async () => {
    await expect(reader.rows('select pg_sleep(60)')).rejects.toMatchObject({ code: 'QUERY_TOO_SLOW' });
    await expect(reader.rows('select 1 as one')).resolves.toEqual([{ one: 1 }]);
  });

  it('nothing can be written, whatever the statement', async () => {
    await expect(reader.rows('delete from settings')).rejects.toThrow();
    await expect(reader.rows('create table x ()')).rejects.toThrow();
  });

  it('a server that refuses connections is DATABASE_AWAY', async () => {
    const nobody = openReadPool('postgresql://nobody@127.0.0.1:1/none');
    await expect(nobody.rows('select 1')).rejects.toMatchObject({ code: 'DATABASE_AWAY' });
    await nobody.close();
  });

  it('a database whose connections are all taken is busy, and answers again when one is free', async () => {
    const narrow = openReadPool(database.url, 1);
    const slow = () => narrow.rows('select pg_sleep(60)').catch((error) => error.code);
    const late = () => narrow.rows('select 1').catch((error) => error.code);
    const answers = await Promise.all([slow(), slow(), late()]);
    expect(answers).toEqual(['QUERY_TOO_SLOW', 'QUERY_TOO_SLOW', 'DATABASE_BUSY']);
    await expect(narrow.rows('select 1 as one')).resolves.toEqual([{ one: 1 }]);
    await narrow.close();
  });

  it('a value that its type cannot hold is the asker\u2019s fault', async () => {
    await expect(reader.rows('select $1::bigint', ['9'.repeat(30)])).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });
});
