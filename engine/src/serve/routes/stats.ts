import { ErrorBody } from '@cerberusmesh/contract/api';
import { SeverityTrends, Stats, TrendQuery } from '@cerberusmesh/contract/api-stats';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';

export interface StatsQueries {
  readStats(now: Date): Promise<Stats>;
  readSeverityTrends(query: TrendQuery, now: Date): Promise<SeverityTrends>;
}

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
}
