import { ErrorBody } from '@cerberusmesh/contract/api';
import { EffectQuery, EffectReport } from '@cerberusmesh/contract/effect';
import type { Api } from '../api.ts';

export type ReportEffect = (days: number) => Promise<EffectReport>;

/** Whether adaptations work, against the control group. */
export function addEffectRoutes(api: Api, report: ReportEffect): void {
  api.get(
    '/api/adaptations/effect',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['adaptations'],
        summary: 'Whether adaptations work: sessions that were shown them against the control group',
        querystring: EffectQuery,
        response: { 200: EffectReport, default: ErrorBody },
      },
    },
    async ({ query }) => await report(query.days),
  );
}
