import { afterEach, beforeEach, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { createPartitionLeases, type PartitionLeases } from './partition-leases.ts';

const partitions = 8;
let database: TestDatabase;
const workers: PartitionLeases[] = [];

beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.close();
  await database.drop();
});

it('partitions are shared evenly by those who are there, each owned by one', async () => {
  const [a, b] = [aWorker(), aWorker()];
  await a.refresh();
  expect(a.owned().size).toBe(partitions);
  await b.refresh();
  expect(b.owned().size).toBe(0);
  await a.refresh();
  await b.refresh();
  expect([a.owned().size, b.owned().size]).toEqual([4, 4]);
  expect(new Set([...a.owned(), ...b.owned()]).size).toBe(partitions);
  await b.close();
  await a.refresh();
  expect(a.owned().size).toBe(partitions);
});

it('who loses his connection owns nothing, and others take it', async () => {
  const [a, b] = [aWorker(), aWorker()];
  await a.refresh();
  await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cerberus worker leases'`,
  );
  await expect.poll(() => a.owned().size).toBe(0);
  await b.refresh();
  expect(b.owned().size).toBe(partitions);
  await a.refresh();
  expect(a.owned().size).toBe(0);
});

function aWorker(): PartitionLeases {
  const worker = createPartitionLeases({ url: database.url, partitions });
  workers.push(worker);
  return worker;
}
