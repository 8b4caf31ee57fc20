import { periodBounds } from '@cerberusmesh/contract/api';
import type { Attacker } from '@cerberusmesh/contract/api-attackers';
import {
  type SeverityTrend,
  type SeverityTrends,
  type Stats,
  type TrendQuery,
  trendBucketsMax,
} from '@cerberusmesh/contract/api-stats';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { attackerColumns } from './attackers.ts';
import type { Reader } from './reader.ts';

const bucketMs = { hour: 3_600_000, day: 86_400_000 } as const;

/** Statistics: of the rollups and of the small tables, never of `events`. Probes are in none of them. */
export function createStatsReads(reader: Reader) {
  return {
    async readStats(now: Date): Promise<Stats> {
      const [groups, totals, days, adaptations, attackers, countries] = await Promise.all([
        readGroups(reader),
        readTotals(reader),
        readDays(reader, now),
        reader.rows<Count>('select status as name, count(*)::float8 as events from adaptations group by 1'),
        reader.rows<Attacker>(
          `select ${attackerColumns} from attackers order by attackers.threat_score desc, id limit 5`,
        ),
        reader.rows<Count>(
          `select case when country like '-%' then '' else country end as name, sum(events)::float8 as events
             from rollup_country_months group by 1 order by 2 desc`,
        ),
      ]);
      return {
        total_events: sum(groups.filter((row) => row.dimension === 'severity')),
        ...totals,
        total_adaptations: sum(adaptations),
        events_by_severity: toRecord(groups.filter((row) => row.dimension === 'severity')),
        events_by_type: toRecord(groups.filter((row) => row.dimension === 'type')),
        events_by_sensor: toRecord(groups.filter((row) => row.dimension === 'sensor')),
        events_by_country: toRecord(countries),
        adaptations_by_status: toRecord(adaptations),
        last_24_hours: days,
        top_attackers: attackers,
      };
    },

    /** Without a period: the last 24 hours or the last 30 days. @throws CerberusError VALIDATION_FAILED over `trendBucketsMax`. */
    async readSeverityTrends(query: TrendQuery, now: Date): Promise<SeverityTrends> {
      const step = bucketMs[query.bucket];
      const bounds = periodBounds(query);
      const toMs = Math.ceil((bounds.toMs ?? now.getTime() + 1) / step) * step;
      const fromMs = Math.floor((bounds.fromMs ?? toMs - step * (query.bucket === 'hour' ? 24 : 30)) / step) * step;
      const buckets = (toMs - fromMs) / step;
      if (buckets < 1 || buckets > trendBucketsMax) {
        throw new CerberusError(
          'VALIDATION_FAILED',
          `The period must hold 1 to ${trendBucketsMax} ${query.bucket}s, not ${buckets}.`,
        );
      }
      const rows = await reader.rows<{ period_ms: number; severity: string; events: number }>(
        `select extract(epoch from date_trunc($1, hour at time zone 'UTC'))::float8 * 1000 as period_ms, severity,
                sum(events)::float8 as events
           from rollup_hours
          where hour >= $2 and hour < $3 and ($4::text is null or sensor = $4) group by 1, 2`,
        [query.bucket, new Date(fromMs), new Date(toMs), query.sensor ?? null],
      );
      return { bucket: query.bucket, data: fillBuckets(rows, fromMs, buckets, step) };
    },
  };
}

interface Count {
  readonly name: string;
  readonly events: number;
}

/** Summed once and then by each: grouping sets alone would put every row into three tables. */
async function readGroups(reader: Reader) {
  return await reader.rows<Count & { dimension: 'severity' | 'type' | 'sensor' }>(
    `select case when grouping(severity) = 0 then 'severity' when grouping(event_type) = 0 then 'type' else 'sensor' end
              as dimension,
            coalesce(severity, event_type, sensor) as name, sum(events)::float8 as events
       from (select severity, event_type, sensor, sum(events) as events from rollup_hours group by 1, 2, 3) summed
      group by grouping sets ((severity), (event_type), (sensor)) order by events desc`,
  );
}

async function readTotals(reader: Reader) {
  const [totals] = await reader.rows<{ total_sessions: number; active_sessions: number; total_attackers: number }>(
    `select coalesce(sum(total_sessions), 0)::float8 as total_sessions, count(*)::float8 as total_attackers,
            (select count(*)::float8 from sessions where is_active and not is_probe) as active_sessions
       from attackers`,
  );
  return totals ?? { total_sessions: 0, active_sessions: 0, total_attackers: 0 };
}

async function readDays(reader: Reader, now: Date): Promise<Stats['last_24_hours']> {
  const [row] = await reader.rows<Stats['last_24_hours']>(
    `with hours as (
       select events, severity = 'HIGH' as is_high, hour > $1::timestamptz - interval '24 hours' as is_last
         from rollup_hours where hour > $1::timestamptz - interval '48 hours' and hour <= $1)
     select coalesce(sum(events) filter (where is_last), 0)::float8 as events,
            coalesce(sum(events) filter (where is_last and is_high), 0)::float8 as high,
            coalesce(sum(events) filter (where not is_last), 0)::float8 as events_the_day_before,
            coalesce(sum(events) filter (where not is_last and is_high), 0)::float8 as high_the_day_before
       from hours`,
    [new Date(Math.floor(now.getTime() / bucketMs.hour) * bucketMs.hour)],
  );
  return row ?? { events: 0, high: 0, events_the_day_before: 0, high_the_day_before: 0 };
}

function sum(counts: readonly Count[]): number {
  return counts.reduce((total, { events }) => total + events, 0);
}

/** `Object.fromEntries` defines its keys, so an event type called `__proto__` is a key like any other. */
function toRecord(counts: readonly Count[]): Record<string, number> {
  return Object.fromEntries(counts.map(({ name, events }) => [name, events]));
}

function fillBuckets(
  rows: readonly { readonly period_ms: number; readonly severity: string; readonly events: number }[],
  fromMs: number,
  buckets: number,
  step: number,
): SeverityTrend[] {
  const events = new Map(rows.map((row) => [`${row.period_ms} ${row.severity}`, row.events]));
  return Array.from({ length: buckets }, (_, index) => {
    const at = fromMs + index * step;
    const count = (severity: string) => events.get(`${at} ${severity}`) ?? 0;
    const known = { UNKNOWN: count('UNKNOWN'), LOW: count('LOW'), MEDIUM: count('MEDIUM'), HIGH: count('HIGH') };
    const total = known.UNKNOWN + known.LOW + known.MEDIUM + known.HIGH;
    return { period: new Date(at).toISOString(), ...known, total };
  });
}
