import { ErrorBody } from '@cerberusmesh/contract/api';
import { DoctorReport } from '@cerberusmesh/contract/doctor';
import type { Api } from '../api.ts';

export type Examine = () => Promise<DoctorReport>;

/** Of an operator: the findings name paths, addresses and who we are at others. */
export function addDoctorRoute(api: Api, examine: Examine): void {
  api.get(
    '/api/doctor',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['config'],
        summary: 'What `cerberus doctor` finds, with the rights of the engine, and the fix of each fault',
        response: { 200: DoctorReport, default: ErrorBody },
      },
    },
    async () => await examine(),
  );
}
