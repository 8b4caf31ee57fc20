import { ErrorBody } from '@cerberusmesh/contract/api';
import { History, HistoryQuery } from '@cerberusmesh/contract/api-history';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';
import type { AttackNames } from './techniques.ts';

type StoredHistory = Omit<History, 'patterns'> & {
  readonly patterns: readonly Omit<History['patterns'][number], 'name'>[];
};

export interface HistoryQueries {
  readHistory(days: number, now: Date): Promise<StoredHistory>;
}

/** Trends of patterns, decisions, response times and resources. */
export function addHistoryRoute(
  api: Api,
  queries: HistoryQueries,
  attack: Pick<AttackNames, 'techniqueName'>,
  clock: Clock,
): void {
  api.get(
    '/api/history',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['stats'],
        summary: 'Day by day: attack patterns, what decisions came to, how long they took, what this program used',
        querystring: HistoryQuery,
        response: { 200: History, default: ErrorBody },
      },
    },
    async ({ query }) => {
      const history = await queries.readHistory(query.days, clock.now());
      const patterns = history.patterns.map((pattern) => ({
        ...pattern,
        name: attack.techniqueName(pattern.technique) ?? pattern.technique,
      }));
      return { ...history, patterns };
    },
  );
}
