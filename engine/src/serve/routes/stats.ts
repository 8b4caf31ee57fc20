import { ErrorBody } from '@cerberusmesh/contract/api';
import { CountryQuery, CountryStats, SeverityTrends, Stats, TrendQuery } from '@cerberusmesh/contract/api-stats';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';

export interface StatsQueries {
  readStats(now: Date): Promise<Stats>;
  readSeverityTrends(query: TrendQuery, now: Date): Promise<SeverityTrends>;
  readCountries(query: CountryQuery): Promise<Omit<CountryStats, 'attribution'>>;
}

/** What the licences of the packages in `assess/origin` ask for. */
const attribution: CountryStats['attribution'] = [
  { text: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' },
  { text: 'Route Views', url: 'https://www.routeviews.org' },
  { text: 'Number Resource Organization', url: 'https://www.nro.net' },
];

/** Totals, trends by severity, and origins. */
export function addStatsRoutes(api: Api, queries: StatsQueries, clock: Clock): void {
  api.get(
    '/api/stats',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'Totals and the last 24 hours',
        response: { 200: Stats, default: ErrorBody },
      },
    },
    async () => await queries.readStats(clock.now()),
  );

  api.get(
    '/api/stats/severity-trends',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'Events by severity, per hour or per day',
        querystring: TrendQuery,
        response: { 200: SeverityTrends, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.readSeverityTrends(query, clock.now()),
  );

  api.get(
    '/api/stats/countries',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'Events by country and by autonomous system',
        querystring: CountryQuery,
        response: { 200: CountryStats, default: ErrorBody },
      },
    },
    async ({ query }) => ({ ...(await queries.readCountries(query)), attribution }),
  );
}
