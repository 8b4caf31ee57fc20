import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { textColumn } from './array-parameters.ts';
import { CopyEncoder } from './copy-encoder.ts';
import { type Statement, sendTogether } from './statement.ts';

describe('sendTogether', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
    await database.pool.query('create table told (word text primary key)');
  });
  beforeEach(() => database.pool.query('truncate told'));
  afterAll(() => database.drop());

  it('runs all in order, what is copied among them', async () => {
    await send([{ text: 'begin' }, tell('a'), copy(['b', 'c']), tell('d'), { text: 'commit' }]);
    expect(await words()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('runs none after one that fails, and gives its error', async () => {
    const fault = send([{ text: 'begin' }, tell('a'), tell('a'), tell('b'), { text: 'commit' }]);
    await expect(fault).rejects.toMatchObject({ code: '23505' });
    expect(await words()).toEqual([]);
  });

  it('skips the rows of a COPY that is refused, whether before it begins or in its midst', async () => {
    const unknown = { text: 'copy nowhere from stdin with (format binary)', rows: Buffer.alloc(1 << 20, 1) };
    await expect(send([{ text: 'begin' }, unknown, { text: 'commit' }])).rejects.toMatchObject({ code: '42P01' });
    await expect(send([copy(['e', 'e'])])).rejects.toMatchObject({ code: '23505' });
    expect(await words()).toEqual([]);
  });

  it('goes on after a fault where a savepoint was set, on the same connection', async () => {
    await database.transaction(async (client) => {
      await client.query('savepoint before');
      await expect(sendTogether(client, [copy(['e', 'e'])])).rejects.toMatchObject({ code: '23505' });
      await client.query('rollback to savepoint before');
      await sendTogether(client, [copy(['f'])]);
    });
    expect(await words()).toEqual(['f']);
  });

  it('has the server parse a named statement once for a connection, however it is sent', async () => {
    const named = { name: 'tell', ...tell('') };
    await database.onOneConnection(async (client) => {
      await sendTogether(client, [named, { ...named, values: [textColumn(['g'], (word) => word)] }]);
      await sendTogether(client, [{ ...named, values: [textColumn(['h'], (word) => word)] }]);
      await client.query({ name: named.name, text: named.text, values: [['i']] });
      const { rows } = await client.query("select count(*) from pg_prepared_statements where name = 'tell'");
      expect(rows).toEqual([{ count: 1 }]);
    });
    expect(await words()).toEqual(['', 'g', 'h', 'i']);
  });

  const send = (statements: readonly Statement[]) =>
    database.onOneConnection((client) => sendTogether(client, statements));

  async function words(): Promise<string[]> {
    const { rows } = await database.pool.query<{ word: string }>('select word from told order by word');
    return rows.map(({ word }) => word);
  }
});

function tell(...words: string[]): Statement {
  return { text: 'insert into told select unnest($1::text[])', values: [textColumn(words, (word) => word)] };
}

function copy(words: readonly string[]): Statement {
  const rows = new CopyEncoder();
  for (const word of words) {
    rows.row(1);
    rows.text(word);
  }
  return { text: 'copy told from stdin with (format binary)', rows: rows.finish() };
}
