import { CerberusError } from '@cerberusmesh/contract/errors';
import { sensorSecretPattern } from '@cerberusmesh/contract/mesh';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import Fastify from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { ServeLog } from '../api.ts';
import { createErrorHandler } from '../errors.ts';
import { boundConnections } from './bound-connections.ts';
import { addEnrolRoute, type Enrol } from './enrol.ts';
import type { MeshApi } from './mesh-api.ts';
import { addOrderRoutes, type OrderDesk } from './orders.ts';
import { addShipRoute, type ReceiveShipped } from './ship.ts';

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

const bodyBytesMax = 64 * 1024;
const connectionsMax = 20_000;
/** Sensors behind one NAT share an address; a stranger at one address must not take all the lines. */
const connectionsOfAddressMax = 2_000;
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
  boundConnections(api.server, connectionsOfAddressMax);
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
