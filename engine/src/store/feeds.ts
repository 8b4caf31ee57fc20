import type { FeedStep } from '@cerberusmesh/contract/raw-line';
import type { FeedPosition } from '@cerberusmesh/contract/stream';
import type pg from 'pg';
import type { Statement } from './statement.ts';

/** True where a feed is not where the writer believed: another worker stored these parts. Nothing of the batch is stored. */
export function isFeedMoved(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'CM039';
}

export interface FeedCounts {
  readonly storedLines: number;
  readonly duplicateLines: number;
  readonly parkedLines: number;
  readonly lastEventTime: string | null;
}

/**
 * Moves a feed on, in the transaction that stores its parts, and only from where the writer believes it to be: who has
 * lost a partition without knowing it yet stores nothing, because the statement fails (`isFeedMoved`).
 */
export function feedStatement({ feedId, steps }: FeedStep, counts: FeedCounts): Statement {
  return {
    name: 'advance feed',
    text: advanceText,
    values: [
      feedId,
      arrayOf(steps.map(({ partition }) => partition)),
      arrayOf(steps.map(({ from }) => from)),
      arrayOf(steps.map(({ to }) => to)),
      ...[counts.storedLines, counts.duplicateLines, counts.parkedLines].map(String),
      counts.lastEventTime,
    ],
  };
}

function arrayOf(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`;
}

/** The first parts of a partition make its row. What became of the lines is counted at the first of the partitions. */
const advanceText = `
with told as (
  select t.*, t.place = 1 as is_first
    from unnest($2::int[], $3::bigint[], $4::bigint[]) with ordinality as t (partition, before, upto, place)),
moved as (
  update feed_positions p set
    stored = t.upto,
    lines_stored = p.lines_stored + case when t.is_first then $5::bigint else 0 end,
    lines_duplicate = p.lines_duplicate + case when t.is_first then $6::bigint else 0 end,
    lines_parked = p.lines_parked + case when t.is_first then $7::bigint else 0 end,
    last_event_at = case when t.is_first then greatest(p.last_event_at, $8::timestamptz) else p.last_event_at end,
    updated_at = now()
    from told t where p.feed_id = $1 and p.partition = t.partition and p.stored = t.before and t.before > 0
  returning 1),
begun as (
  insert into feed_positions (feed_id, partition, stored, lines_stored, lines_duplicate, lines_parked, last_event_at)
  select $1, partition, upto, case when is_first then $5::bigint else 0 end, case when is_first then $6::bigint else 0 end,
         case when is_first then $7::bigint else 0 end, case when is_first then $8::timestamptz end
    from told where before = 0
  on conflict do nothing
  returning 1)
select require_feed_moved((select count(*) from moved) + (select count(*) from begun), (select count(*) from told))`;

/** All partitions of these feeds of which anything is stored. */
export async function findFeedPositions(pool: pg.Pool, feedIds: readonly string[]): Promise<FeedPosition[]> {
  if (feedIds.length === 0) return [];
  const { rows } = await pool.query<FeedPosition>({
    name: 'find feed positions',
    text: `select feed_id as "feedId", partition, stored, lines_stored as "linesStored", lines_duplicate as "linesDuplicate",
                  lines_parked as "linesParked", last_event_at as "lastEventAt"
             from feed_positions where feed_id = any($1::uuid[])`,
    values: [feedIds],
  });
  return rows;
}

/**
 * Forgets feeds of which no partition moved in the week before the latest move of any: an ingest begins a new one for a
 * source each day. Not told from the clock: after a week without a worker, an ingest may still wait for what it has put.
 */
export async function dropOldFeeds(pool: pg.Pool): Promise<void> {
  await pool.query(`
    delete from feed_positions where feed_id in (
      select feed_id from feed_positions group by feed_id
      having max(updated_at) < (select max(updated_at) from feed_positions) - interval '7 days')`);
}
