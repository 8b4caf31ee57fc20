import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../../test/support/database.ts';
import { dropOldFeeds } from './feeds.ts';

it('a feed is forgotten a week after its last part, and none of it as long as one partition moves or nothing does', async () => {
  const database = await createTestDatabase();
  const [over, halfQuiet, busy] = [randomUUID(), randomUUID(), randomUUID()];
  const moved = (feedId: string, partition: number, daysAgo: number) =>
    database.pool.query(
      `insert into feed_positions (feed_id, partition, stored, updated_at) values ($1, $2, 1, now() - $3 * interval '1 day')`,
      [feedId, partition, daysAgo],
    );
  const dropAndCount = async () => {
    await dropOldFeeds(database.pool);
    const { rows } = await database.pool.query('select feed_id from feed_positions order by updated_at');
    return rows.map(({ feed_id }) => feed_id);
  };
  try {
    await moved(over, 0, 12);
    await moved(halfQuiet, 0, 11);
    await moved(halfQuiet, 1, 8);
    expect(await dropAndCount()).toEqual([over, halfQuiet, halfQuiet]);
    await moved(busy, 0, 2);
    expect(await dropAndCount()).toEqual([halfQuiet, halfQuiet, busy]);
  } finally {
    await database.drop();
  }
});
