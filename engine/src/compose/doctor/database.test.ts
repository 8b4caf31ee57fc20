import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { systemClock } from '../../kit/clock.ts';
import { checkClock } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it("finds a clock that is not the database's, and says by how much", async () => {
  const hourAhead = { ...systemClock, now: () => new Date(systemClock.now().getTime() + 3_600_000) };
  expect(await checkClock(database, systemClock)).toMatchObject({ state: 'sound' });
  expect(await checkClock(database, hourAhead)).toMatchObject({
    state: 'fault',
    says: expect.stringMatching(/differ by 3(?:599|600) s/),
    fix: expect.stringContaining('set-ntp'),
  });
});
