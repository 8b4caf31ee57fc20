import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server } from 'node:https';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { sensorSecretPattern } from '@cerberusmesh/contract/mesh';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ServeLog } from '../api.ts';
import { createErrorHandler } from '../errors.ts';
import { addEnrolRoute, type Enrol } from './enrol.ts';
import { addOrderRoutes, type OrderDesk } from './orders.ts';
import { addShipRoute, type ReceiveShipped } from './ship.ts';

export type MeshApi = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

export interface MeshDeps {
  /** PEM: key and certificate of this hub. */
  readonly identity: string;
  /** Whose secret this is; undefined where nobody's (any more). */
  readonly verify: (secret: string) => Promise<string | undefined>;
  readonly enrol: Enrol;
  readonly receive: ReceiveShipped;
  readonly orders: OrderDesk;
  readonly log: ServeLog;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The sensor whose secret came with the request; null where that is to be found out or nobody's. */
    sensor: string | null;
  }
}

const bodyBytesMax = 64 * 1024;
const connectionsMax = 20_000;
const perMinute = { sensor: 6000, stranger: 60 };

/**
 * Where sensors come in: a server of its own, so that who may reach it reaches nothing else. It speaks TLS 1.3 only, and
 * believes a sensor nothing but what it says of itself.
 */
export async function createMeshServer(deps: MeshDeps): Promise<MeshApi> {
  const api = Fastify({
    https: { key: deps.identity, cert: deps.identity, minVersion: 'TLSv1.3', handshakeTimeout: 10_000 },
    logger: false,
    bodyLimit: bodyBytesMax,
    requestTimeout: 60_000,
    requestIdHeader: false,
  }).withTypeProvider<ZodTypeProvider>();
  api.server.maxConnections = connectionsMax;
  api.setValidatorCompiler(validatorCompiler);
  api.setSerializerCompiler(serializerCompiler);
  api.setErrorHandler(createErrorHandler(deps.log));
  api.decorateRequest('sensor', null);
  api.addHook('onRequest', async function identify(request) {
    const secret = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    request.sensor = sensorSecretPattern.test(secret) ? ((await deps.verify(secret)) ?? null) : null;
  });
  await api.register(rateLimit, {
    timeWindow: 60_000,
    keyGenerator: ({ sensor, ip }) => (sensor === null ? `address ${normalizeIP(ip, 64)}` : `sensor ${sensor}`),
    max: ({ sensor }) => (sensor === null ? perMinute.stranger : perMinute.sensor),
    errorResponseBuilder: (_request, { after }) => new CerberusError('RATE_LIMITED', `Try again in ${after}.`),
  });
  addEnrolRoute(api, deps.enrol);
  addShipRoute(api, deps.receive);
  addOrderRoutes(api, deps.orders);
  await api.ready();
  return api;
}

/** @throws CerberusError UNAUTHENTICATED, also for a sensor that was revoked. */
export function sensorOf({ sensor }: Pick<FastifyRequest, 'sensor'>): string {
  if (sensor === null)
    throw new CerberusError('UNAUTHENTICATED', 'No enrolled sensor has this secret: it was never enrolled, or revoked.');
  return sensor;
}

/** Before a body is read: a stranger's is not. */
export async function onlySensors(request: FastifyRequest): Promise<void> {
  sensorOf(request);
}
