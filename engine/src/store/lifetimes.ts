import type pg from 'pg';

/**
 * Puts right what a clock that was ahead dated, by days or years: what stands does so from now on for the time that it
 * was given, a question can be answered for as long as it was asked for, and what was to be tried again is tried now. By
 * the clock of the engine, which has dated all of these. Gives how many.
 */
export async function mendLifetimes(pool: pg.Pool, now: Date): Promise<number> {
  let mended = 0;
  for (const text of statements) mended += (await pool.query(text, [now])).rowCount ?? 0;
  return mended;
}

/** So much may the clocks of two processes differ (`cerberus doctor` tells of more). */
const slack = `interval '1 minute'`;
/** Nothing waits longer than a few minutes for its next try. */
const tryMax = `interval '1 hour'`;

const standing = (table: 'actions' | 'adaptations') => `
update ${table} set
    expires_at = least(expires_at, $1::timestamptz + make_interval(secs => lifetime_seconds)),
    retry_at = case when retry_at > $1::timestamptz + ${tryMax} then $1 else retry_at end
  where status in ('waiting', 'planned', 'applied', 'verified', 'undoing')
    and (expires_at > $1::timestamptz + make_interval(secs => lifetime_seconds) + ${slack}
         or retry_at > $1::timestamptz + ${tryMax})`;

const statements = [
  standing('actions'),
  standing('adaptations'),
  `update approvals set expires_at = expires_at - (asked_at - $1::timestamptz), asked_at = $1
    where status = 'pending' and asked_at > $1::timestamptz + ${slack}`,
  `update blocklist b set
      since = least(b.since, $1), until = $1::timestamptz + make_interval(secs => a.lifetime_seconds)
     from actions a
    where a.id = b.action_id and b.until > $1::timestamptz + make_interval(secs => a.lifetime_seconds) + ${slack}`,
];
