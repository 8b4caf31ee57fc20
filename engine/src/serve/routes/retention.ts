import { ErrorBody } from '@cerberusmesh/contract/api';
import { Retention, RetentionQuery } from '@cerberusmesh/contract/api-retention';
import type { Api } from '../api.ts';

export type ReadRetention = (asked: RetentionQuery) => Promise<Retention>;

/** How long events stay, and what stands now. */
export function addRetentionRoute(api: Api, readRetention: ReadRetention): void {
  api.get(
    '/api/retention',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['config'],
        summary: 'How long events are kept, how much of them there is, and what other limits would take out',
        querystring: RetentionQuery,
        response: { 200: Retention, default: ErrorBody },
      },
    },
    async ({ query }) => await readRetention(query),
  );
}
