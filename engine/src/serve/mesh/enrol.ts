import { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { EnrolAnswer, EnrolRequest } from '@cerberusmesh/contract/mesh';
import type { MeshApi } from './mesh-api.ts';

/** @returns the sensor's name; undefined where the invitation is unknown, used or too old. */
export type Enrol = (request: EnrolRequest) => Promise<string | undefined>;

/** Where a sensor comes first: for an invitation it gets its name, and the secret that it brought is known from then on. */
export function addEnrolRoute(api: MeshApi, enrol: Enrol): void {
  api.post(
    '/mesh/enrol',
    { schema: { body: EnrolRequest, response: { 200: EnrolAnswer, default: ErrorBody } } },
    async ({ body }) => {
      const sensor = await enrol(body);
      if (sensor === undefined)
        throw new CerberusError('UNAUTHENTICATED', 'This invitation is unknown, was used, or is older than a day.');
      return { sensor };
    },
  );
}
