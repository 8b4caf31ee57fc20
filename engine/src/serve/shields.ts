import { CerberusError } from '@cerberusmesh/contract/errors';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit, { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Api, ServeConfig } from './api.ts';

const minuteMs = 60_000;
/** The dashboard is some twenty files, and a browser may ask for all of them at each reload. */
const pageRequestsMax = 2000;

/** For the dashboard's own files and the health check, which answer from memory. */
export const staticRateLimit = { rateLimit: { max: pageRequestsMax, groupId: 'static' } } as const;

/** Headers for browsers, who may ask across origins, and how often. */
export async function installShields(api: Api, config: ServeConfig): Promise<void> {
  await api.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        // Only the page that plays recordings, which has no origin in there.
        frameSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        // The browser itself refuses innerHTML and its kin: what attackers typed can only become text.
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
    },
    // TLS ends at a proxy, if anywhere: it is the one who knows whether to ask for it.
    strictTransportSecurity: false,
  });
  await api.register(cors, {
    origin: [...config.corsOrigins],
    methods: ['GET', 'HEAD', 'POST'],
    allowedHeaders: ['authorization', 'content-type', 'if-none-match'],
    exposedHeaders: ['etag', 'retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'],
    maxAge: 600,
  });
  await api.register(rateLimit, {
    timeWindow: config.rateLimitWindowMinutes * minuteMs,
    keyGenerator: callerOf,
    max: (request) => (request.identity === null ? config.rateLimitMax : config.tokenRateLimitMax),
    errorResponseBuilder: (_request, { after }) => new CerberusError('RATE_LIMITED', `Try again in ${after}.`),
  });
}

/** A token wherever it comes from; else the address, where a /64 of IPv6 is one caller. */
function callerOf(request: FastifyRequest): string {
  return request.identity === null ? `address ${normalizeIP(request.ip, 64)}` : `token ${request.identity.id}`;
}
