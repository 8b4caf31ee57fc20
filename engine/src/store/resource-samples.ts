import type pg from 'pg';

export interface ResourceSample {
  readonly at: Date;
  readonly memoryBytes: number;
  readonly cpuShare: number;
  readonly loopDelayMs: number;
  readonly eventsPerMinute: number;
}

const keptDays = 60;

/** Two processes that sample at the same moment leave one row. */
export async function addResourceSample(pool: pg.Pool, sample: ResourceSample): Promise<void> {
  const { at, memoryBytes, cpuShare, loopDelayMs, eventsPerMinute } = sample;
  await pool.query(
    `insert into resource_samples (at, memory_bytes, cpu_share, database_bytes, loop_delay_ms, events_per_minute)
     values ($1, $2, $3, pg_database_size(current_database()), $4, $5) on conflict do nothing`,
    [at, memoryBytes, cpuShare, loopDelayMs, eventsPerMinute],
  );
  await pool.query(`delete from resource_samples where at < $1::timestamptz - interval '${keptDays} days'`, [at]);
}

/** Counts the techniques of the last days anew. */
export async function countTechniqueDays(pool: pg.Pool): Promise<void> {
  await pool.query('refresh materialized view technique_days');
}
