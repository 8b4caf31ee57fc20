import type { History } from '@cerberusmesh/contract/api-history';
import { smallestEventId } from './event-columns.ts';
import type { Reader } from './reader.ts';
import { isoColumn } from './statement.ts';

/** A technique has no name here: the catalogue has it. */
export type StoredHistory = Omit<History, 'patterns'> & {
  readonly patterns: readonly Omit<History['patterns'][number], 'name'>[];
};

const dayMs = 86_400_000;
const patternsMax = 12;
const pointsMax = 200;
/** What was decided later than this was decided about the past: a replayed log, or a model that had been away. */
const liveWithin = "interval '10 minutes'";

/** What the last days were like: from rollups, decisions and actions, never from events. */
export function createHistoryReads(reader: Reader) {
  return {
    async readHistory(days: number, now: Date): Promise<StoredHistory> {
      const from = new Date(Math.floor(now.getTime() / dayMs - days + 1) * dayMs);
      const [patterns, decisions, response, resources] = await Promise.all([
        readPatterns(from, now),
        readDecisions(from),
        readResponse(from),
        readResources(from, now),
      ]);
      return { patterns, decisions, response, resources };
    },
  };

  async function readPatterns(from: Date, now: Date): Promise<StoredHistory['patterns']> {
    return await reader.rows<StoredHistory['patterns'][number]>(
      `with counted as (
         select technique, day, sessions::float8 as sessions, day >= $2::date as is_late from technique_days where day >= $1::date)
       select technique, sum(sessions) as sessions,
              sum(sessions) filter (where is_late) / nullif(sum(sessions) filter (where not is_late), 0) - 1 as change,
              json_agg(json_build_object('day', day, 'sessions', sessions) order by day) as days
         from counted group by technique order by 2 desc, 1 limit ${patternsMax}`,
      [from, new Date((from.getTime() + now.getTime()) / 2)],
    );
  }

  async function readDecisions(from: Date): Promise<History['decisions']> {
    return await reader.rows<History['decisions'][number]>(
      `with counted as (
         select (decided_at at time zone 'UTC')::date as day, verdict as what from decisions
          where decided_at >= $1 and verdict <> 'nothing'
         union all
         select (created_at at time zone 'UTC')::date, case when success then 'verified' else 'failed' end
           from adaptations where created_at >= $1 and success is not null and status <> 'dry_run'
         union all
         select (audit_log.at at time zone 'UTC')::date, 'false_alarm' from audit_log
          where action = 'adaptation.rollback' and details->>'reason' = 'false_alarm' and audit_log.at >= $1)
       select day::text as day, count(*) filter (where what = 'act')::float8 as acted,
              count(*) filter (where what = 'ask')::float8 as asked,
              count(*) filter (where what = 'verified')::float8 as verified,
              count(*) filter (where what = 'failed')::float8 as failed,
              count(*) filter (where what = 'false_alarm')::float8 as false_alarms
         from counted group by day order by day`,
      [from],
    );
  }

  /** An event's id begins with its time, so a decision tells by itself how long it took. */
  async function readResponse(from: Date): Promise<History['response']> {
    return await reader.rows<History['response'][number]>(
      `with taken as (
         select (decided_at at time zone 'UTC')::date as day, 'decision' as what,
                extract(epoch from decided_at) * 1000
                  - ('x' || translate(left(event_id::text, 13), '-', ''))::bit(48)::bigint as ms
           from decisions where decided_at >= $1 and verdict <> 'nothing' and event_id >= $2
         union all
         select (created_at at time zone 'UTC')::date, 'verified', extract(epoch from verified_at - created_at) * 1000
           from adaptations where created_at >= $1 and verified_at is not null),
       told as (
         select day, what, percentile_cont(array[0.5, 0.95]) within group (order by ms) as p
           from taken where ms between 0 and extract(epoch from ${liveWithin}) * 1000 group by day, what)
       select day::text as day,
              json_agg(json_build_object('p50', round(p[1]::numeric, 1), 'p95', round(p[2]::numeric, 1)))
                filter (where what = 'decision') -> 0 as decision_ms,
              json_agg(json_build_object('p50', round(p[1]::numeric, 1), 'p95', round(p[2]::numeric, 1)))
                filter (where what = 'verified') -> 0 as verified_ms
         from told group by day order by day`,
      [from, smallestEventId(from.getTime() - dayMs)],
    );
  }

  async function readResources(from: Date, now: Date): Promise<History['resources']> {
    return await reader.rows<History['resources'][number]>(
      `select ${isoColumn('max(at)', 'at')}, max(memory_bytes)::float8 as memory_bytes, max(cpu_share)::float8 as cpu_share,
              max(database_bytes)::float8 as database_bytes, max(loop_delay_ms)::float8 as loop_delay_ms,
              max(events_per_minute)::float8 as events_per_minute
         from resource_samples where at >= $1
        group by width_bucket(extract(epoch from resource_samples.at), extract(epoch from $1::timestamptz),
                              extract(epoch from $2::timestamptz) + 1, ${pointsMax})
        order by 1`,
      [from, now],
    );
  }
}
