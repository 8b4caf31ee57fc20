import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

export type MeshApi = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

declare module 'fastify' {
  interface FastifyRequest {
    /** The sensor whose secret came with the request; null where that is to be found out or nobody's. */
    sensor: string | null;
  }
}

/** @throws CerberusError UNAUTHENTICATED, also for a sensor that was revoked. */
export function sensorOf({ sensor }: Pick<FastifyRequest, 'sensor'>): string {
  if (sensor === null)
    throw new CerberusError(
      'UNAUTHENTICATED',
      'No enrolled sensor has this secret: it was never enrolled, or revoked.',
    );
  return sensor;
}

/** Before a body is read: a stranger's is not. */
export async function onlySensors(request: FastifyRequest): Promise<void> {
  sensorOf(request);
}
