import type pg from 'pg';

/** What may be asked of a paid model; 0 asks nothing. */
export interface LlmBudget {
  readonly requestsPerHour: number;
  readonly requestsPerDay: number;
  readonly tokensPerHour: number;
  readonly tokensPerDay: number;
}

export interface LlmUsage {
  readonly requestsThisHour: number;
  readonly requestsThisDay: number;
  readonly tokensThisHour: number;
  readonly tokensThisDay: number;
}

/** Takes one request and `tokens` out of the budget of `now`'s hour and of the 24 hours that end with it, or neither. */
export async function takeBudget(
  pool: pg.Pool,
  { requestsPerHour, requestsPerDay, tokensPerHour, tokensPerDay }: LlmBudget,
  tokens: number,
  now: Date,
): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with day as (
       select coalesce(sum(requests), 0) as requests, coalesce(sum(tokens), 0) as tokens
         from llm_usage where hour > $6::timestamptz - interval '24 hours' and hour <= $6::timestamptz)
     insert into llm_usage as u (hour, requests, tokens)
     select date_trunc('hour', $6::timestamptz, 'UTC'), 1, $5::bigint from day
      where day.requests < $2::int and day.tokens + $5::bigint <= $4::bigint and 1 <= $1::int and $5::bigint <= $3::bigint
     on conflict (hour) do update set requests = u.requests + 1, tokens = u.tokens + $5::bigint
      where u.requests < $1::int and u.tokens + $5::bigint <= $3::bigint`,
    [requestsPerHour, requestsPerDay, tokensPerHour, tokensPerDay, tokens, now],
  );
  return rowCount === 1;
}

/** Corrects what `takeBudget` took beforehand by what was really used. */
export async function settleBudget(pool: pg.Pool, tokens: number, now: Date): Promise<void> {
  await pool.query(
    `update llm_usage set tokens = greatest(0, tokens + $1::bigint) where hour = date_trunc('hour', $2::timestamptz, 'UTC')`,
    [tokens, now],
  );
}

/** What was used in the hour of `now` and in the 24 hours up to it. */
export async function readUsage(pool: pg.Pool, now: Date): Promise<LlmUsage> {
  const { rows } = await pool.query<LlmUsage>(
    `select coalesce(sum(requests) filter (where hour = date_trunc('hour', $1::timestamptz, 'UTC')), 0)::float8
              as "requestsThisHour",
            coalesce(sum(requests), 0)::float8 as "requestsThisDay",
            coalesce(sum(tokens) filter (where hour = date_trunc('hour', $1::timestamptz, 'UTC')), 0)::float8
              as "tokensThisHour",
            coalesce(sum(tokens), 0)::float8 as "tokensThisDay"
       from llm_usage where hour > $1::timestamptz - interval '24 hours' and hour <= $1::timestamptz`,
    [now],
  );
  return rows[0] ?? { requestsThisHour: 0, requestsThisDay: 0, tokensThisHour: 0, tokensThisDay: 0 };
}
