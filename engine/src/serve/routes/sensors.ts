import { ErrorBody } from '@cerberusmesh/contract/api';
import {
  type Invitation,
  Invitation as InvitationSchema,
  InviteRequest,
  SensorList,
  type SensorRecord,
} from '@cerberusmesh/contract/api-sensors';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { SensorName } from '@cerberusmesh/contract/mesh';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';

export interface SensorDesk {
  /** @throws CerberusError CONFLICT where the name is another honeypot's. */
  invite(sensor: string, actor: string): Promise<Invitation>;
  /** False where no sensor of the mesh has this name, or it was revoked before. */
  revoke(sensor: string, actor: string): Promise<boolean>;
}

export interface SensorQueries {
  listSensors(): Promise<SensorRecord[]>;
}

/** Sensors on other machines, and honeypots that were launched. Each change is in the audit log. */
export function addSensorRoutes(api: Api, queries: SensorQueries, desk: SensorDesk): void {
  api.get(
    '/api/sensors',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sources'],
        summary: 'Sensors on other machines and launched honeypots: heartbeat, version, clock, what is wrong',
        response: { 200: SensorList, default: ErrorBody },
      },
    },
    async () => ({ data: await queries.listSensors(), next_cursor: null }),
  );

  api.post(
    '/api/sensors',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['sources'],
        summary: 'Invite a sensor: what `cerberus sensor enrol` needs, shown this once',
        body: InviteRequest,
        response: { 200: InvitationSchema, default: ErrorBody },
      },
    },
    async ({ body, identity }) => await desk.invite(body.sensor, actorOf(identity)),
  );

  api.delete(
    '/api/sensors/:sensor',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['sources'],
        summary: 'Revoke a sensor: nothing more is taken from it, at once; what it sent stays',
        params: z.object({ sensor: SensorName }),
        response: { 204: z.null(), default: ErrorBody },
      },
    },
    async ({ params, identity }, reply) => {
      if (!(await desk.revoke(params.sensor, actorOf(identity))))
        throw new CerberusError('NOT_FOUND', `No sensor of the mesh is called "${params.sensor}".`);
      return await reply.status(204).send(null);
    },
  );
}
