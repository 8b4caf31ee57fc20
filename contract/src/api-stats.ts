import { z } from 'zod';
import { period, queryText } from './api.ts';
import { Attacker } from './api-attackers.ts';

const counts = z.record(z.string(), z.number());

export const Stats = z.object({
  total_events: z.number(),
  total_sessions: z.number(),
  active_sessions: z.number(),
  total_attackers: z.number(),
  total_adaptations: z.number(),
  events_by_severity: counts,
  events_by_type: counts,
  events_by_sensor: counts,
  /** By the attacker's country; '' where it is not known, or the address is in none. */
  events_by_country: counts,
  adaptations_by_status: counts,
  /** Whole hours: the running one and the 23 before it, against the 24 before those. */
  last_24_hours: z.object({
    events: z.number(),
    high: z.number(),
    events_the_day_before: z.number(),
    high_the_day_before: z.number(),
  }),
  top_attackers: z.array(Attacker),
});
export type Stats = Readonly<z.infer<typeof Stats>>;

export const CountryQuery = z.strictObject({ ...period, limit: z.coerce.number().int().min(1).max(300).default(300) });
export type CountryQuery = Readonly<z.infer<typeof CountryQuery>>;

const place = {
  country: z.string().nullable(),
  /** What is in no country, since it is none of the internet's: `private`, `documentation` …, or one of the user's own. */
  network: z.string().nullable(),
};

/** Most events first. Whole days in UTC. */
export const CountryStats = z.object({
  countries: z.array(z.object({ ...place, events: z.number() })),
  networks: z.array(z.object({ asn: z.number().nullable(), as_name: z.string(), ...place, events: z.number() })),
  /** Whose data this is, as their licences ask. */
  attribution: z.array(z.object({ text: z.string(), url: z.string() })),
});
export type CountryStats = Readonly<z.infer<typeof CountryStats>>;

export const TrendQuery = z.strictObject({
  bucket: z.enum(['hour', 'day']).default('hour'),
  sensor: queryText(255).optional(),
  ...period,
});
export type TrendQuery = Readonly<z.infer<typeof TrendQuery>>;

/** More buckets than this in one answer are refused. */
export const trendBucketsMax = 24 * 62;

export const SeverityTrend = z.object({
  /** Start of the hour or of the UTC day. */
  period: z.string(),
  UNKNOWN: z.number(),
  LOW: z.number(),
  MEDIUM: z.number(),
  HIGH: z.number(),
  total: z.number(),
});
export type SeverityTrend = Readonly<z.infer<typeof SeverityTrend>>;

/** Every bucket of the period is there, oldest first, also the empty ones. */
export const SeverityTrends = z.object({ bucket: z.enum(['hour', 'day']), data: z.array(SeverityTrend) });
export type SeverityTrends = Readonly<z.infer<typeof SeverityTrends>>;
