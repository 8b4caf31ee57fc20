import { ErrorBody } from '@cerberusmesh/contract/api';
import {
  Detectability,
  DetectabilityPage,
  DetectabilityQuery,
  DetectabilityRequest,
} from '@cerberusmesh/contract/detectability';
import type { Api } from '../api.ts';

export interface DetectabilityDesk {
  list(sensor: string | undefined): Promise<Detectability[]>;
  /** @throws CerberusError NOT_FOUND where no sensor of this name can be visited, PROBE_FAILED where it does not answer. */
  measure(sensor: string): Promise<Detectability>;
}

/** What tests of our honeypots found, and asking for one. */
export function addDetectabilityRoutes(api: Api, desk: DetectabilityDesk): void {
  api.get(
    '/api/detectability',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sensors'],
        summary: 'What gives our honeypots away: the newest test of each sensor, or all of one',
        querystring: DetectabilityQuery,
        response: { 200: DetectabilityPage, default: ErrorBody },
      },
    },
    async ({ query }) => ({ items: await desk.list(query.sensor) }),
  );
  api.post(
    '/api/detectability',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['sensors'],
        summary:
          'Visit a sensor of ours as a suspicious attacker would, and say what gives it away; takes up to two minutes',
        body: DetectabilityRequest,
        response: { 200: Detectability, default: ErrorBody },
      },
    },
    async ({ body }) => await desk.measure(body.sensor),
  );
}
