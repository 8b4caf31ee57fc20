import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { type LlmBudget, readUsage, settleBudget, takeBudget } from './llm-usage.ts';

const wide: LlmBudget = { requestsPerHour: 100, requestsPerDay: 100, tokensPerHour: 1e6, tokensPerDay: 1e6 };
const now = new Date('2026-11-22T12:30:00Z');
const hoursLater = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

describe('the budget of the language model', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(() => database.pool.query('delete from llm_usage'));

  it('is never overdrawn, however many ask at once', async () => {
    const budget = { ...wide, requestsPerHour: 7 };
    const taken = await Promise.all(Array.from({ length: 30 }, () => takeBudget(database.pool, budget, 10, now)));
    expect(taken.filter(Boolean)).toHaveLength(7);
    expect(await readUsage(database.pool, now)).toMatchObject({ requestsThisHour: 7, tokensThisHour: 70 });
  });

  it.each([
    { bound: 'requests of an hour', budget: { requestsPerHour: 1 }, freeAfterHours: 1 },
    { bound: 'tokens of an hour', budget: { tokensPerHour: 15 }, freeAfterHours: 1 },
    { bound: 'requests of a day', budget: { requestsPerDay: 1 }, freeAfterHours: 24 },
    { bound: 'tokens of a day', budget: { tokensPerDay: 15 }, freeAfterHours: 24 },
  ])('holds the $bound, and is free again after that', async ({ budget, freeAfterHours }) => {
    const take = (at: Date) => takeBudget(database.pool, { ...wide, ...budget }, 10, at);
    expect(await take(now)).toBe(true);
    expect(await take(now)).toBe(false);
    expect(await take(hoursLater(freeAfterHours - 0.6))).toBe(false);
    expect(await take(hoursLater(freeAfterHours))).toBe(true);
  });

  it('counts what was really used', async () => {
    await takeBudget(database.pool, wide, 5000, now);
    await settleBudget(database.pool, -4000, now);
    expect(await readUsage(database.pool, now)).toMatchObject({ tokensThisHour: 1000, tokensThisDay: 1000 });
  });

  it('lets nothing through where it is 0', async () => {
    expect(await takeBudget(database.pool, { ...wide, requestsPerHour: 0 }, 1, now)).toBe(false);
    expect(await takeBudget(database.pool, { ...wide, tokensPerDay: 0 }, 1, now)).toBe(false);
  });
});
