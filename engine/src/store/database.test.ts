import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';

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

async function pidOf(client: Pick<TestDatabase['pool'], 'query'>): Promise<number> {
  return (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
}
