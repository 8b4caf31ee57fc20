import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aBatch, aLine } from '../../test/support/assessed-lines.ts';
import { createTestDatabase, type TestDatabase } from '../../test/support/database.ts';
import { systemClock } from '../kit/clock.ts';
import { createPrepareWrite } from '../store/write-batch.ts';
import { createTallyLane, type TallyLane } from './add-tallies.ts';

describe('the lane that adds tallies', () => {
  let database: TestDatabase;
  let lane: TallyLane;
  let warnings: number;
  let stopping: AbortController;
  beforeEach(async () => {
    database = await createTestDatabase();
    warnings = 0;
    stopping = new AbortController();
    lane = createTallyLane({ database, clock: systemClock, log: { warn: () => warnings++ } });
  });
  afterEach(() => database.drop());

  it('adds what a killed engine left, and what comes after a quiet time', async () => {
    await leave(1);
    const running = lane.run(stopping.signal);
    await expect.poll(countEvents, { timeout: 10_000 }).toBe(1);
    await leave(2);
    await expect.poll(countEvents, { timeout: 10_000 }).toBe(2);
    stopping.abort();
    await running;
    await leave(3);
    await lane.close();
    expect(await countEvents()).toBe(3);
  });

  it('tells once that it cannot add, and adds when it can', async () => {
    await database.pool.query('alter table attackers add constraint refuses check (total_events < 1)');
    await leave(1);
    await lane.close();
    await lane.close();
    expect(warnings).toBe(1);
    await database.pool.query('alter table attackers drop constraint refuses');
    await lane.close();
    expect(await countEvents()).toBe(1);
  });

  async function leave(n: number): Promise<void> {
    const prepareWrite = createPrepareWrite(database, () => new Date('2026-11-22T00:00:00Z'), { tallying: lane });
    await (await prepareWrite(aBatch([aLine({ n })])))();
  }

  async function countEvents(): Promise<number> {
    const { rows } = await database.pool.query('select coalesce(sum(total_events), 0)::int as events from attackers');
    return rows[0].events;
  }
});
