import { ErrorBody } from '@cerberusmesh/contract/api';
import { Retention } from '@cerberusmesh/contract/api-retention';
import type { Api } from '../api.ts';

export type ReadRetention = () => Promise<Retention>;

export function addRetentionRoute(api: Api, readRetention: ReadRetention): void {
  api.get(
    '/api/retention',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['config'],
        summary: 'How long events are kept, and how much of them there is, month by month',
        response: { 200: Retention, default: ErrorBody },
      },
    },
    async () => await readRetention(),
  );
}
