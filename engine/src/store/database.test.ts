import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { isDatabaseAway } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it('sends one batch after another over one connection, whatever else is asked meanwhile: its plans are made once', async () => {
  const asking = [];
  const sent = new Set<number>();
  for (let batch = 0; batch < 4; batch++) {
    sent.add(await database.onOneConnection(async (client) => await pidOf(client)));
    asking.push(await database.pool.connect());
  }
  const others = await Promise.all(asking.map(pidOf));
  for (const client of asking) client.release();
  expect([sent.size, new Set([...sent, ...others]).size]).toEqual([1, 5]);
});

it('outlives the end of a connection in the middle of a transaction, between two statements too, and is told by the next', async () => {
  const held = database.transaction(async (client) => {
    // Not by `once` of node:events, which hears of errors too.
    const ended = new Promise<void>((resolve) => client.once('end', resolve));
    await database.pool.query('select pg_terminate_backend($1)', [await pidOf(client)]);
    await ended;
    await client.query('select 1');
  });
  await expect(held).rejects.toSatisfy(isDatabaseAway);
  expect(await database.transaction(pidOf)).toBeGreaterThan(0);
});

async function pidOf(client: Pick<TestDatabase['pool'], 'query'>): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
}
