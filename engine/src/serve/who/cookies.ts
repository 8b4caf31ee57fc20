import { createHmac, timingSafeEqual } from 'node:crypto';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { deviceMarkSeconds } from './device-marks.ts';

/** Names of the cookies; over HTTPS the prefix makes browsers refuse one that another host or path set. */
export interface CookieJar {
  readSession(request: FastifyRequest): string | undefined;
  readDevice(request: FastifyRequest): string | undefined;
  readErrand(request: FastifyRequest): string | undefined;
  keepSession(reply: FastifyReply, secret: string): void;
  keepDevice(reply: FastifyReply, mark: string): void;
  /** What must be known when a person comes back from his provider; it travels from another site, so it cannot be Strict. */
  keepErrand(reply: FastifyReply, errand: string): void;
  forgetSession(reply: FastifyReply): void;
  forgetErrand(reply: FastifyReply): void;
}

const errandSeconds = 600;

/** Over HTTPS the names begin with `__Host-`, so that no other host below the same domain can set them. */
export function createCookieJar(isHttps: boolean): CookieJar {
  const prefix = isHttps ? '__Host-' : '';
  const session = `${prefix}cerberus_session`;
  const device = `${prefix}cerberus_device`;
  const errand = `${prefix}cerberus_errand`;
  const strict = { path: '/', httpOnly: true, secure: isHttps, sameSite: 'strict' } as const;
  const lax = { ...strict, sameSite: 'lax' } as const;
  return {
    readSession: ({ cookies }) => cookies[session],
    readDevice: ({ cookies }) => cookies[device],
    readErrand: ({ cookies }) => cookies[errand],
    // Without an age: gone with the browser.
    keepSession: (reply, secret) => void reply.setCookie(session, secret, strict),
    keepDevice: (reply, mark) => void reply.setCookie(device, mark, { ...strict, maxAge: deviceMarkSeconds }),
    keepErrand: (reply, text) => void reply.setCookie(errand, text, { ...lax, maxAge: errandSeconds }),
    forgetSession: (reply) => void reply.clearCookie(session, strict),
    forgetErrand: (reply) => void reply.clearCookie(errand, lax),
  };
}

/** Only a page that may read our answers knows it. */
export function csrfTokenOf(sessionSecret: string): string {
  return createHmac('sha256', sessionSecret).update('csrf').digest('base64url');
}

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * A browser sends the cookie along whoever wrote the page that asks: SameSite keeps out other sites, but not another
 * port of the same host, where a decoy may well be. So what changes something must come from our own page and know
 * its token. @throws CerberusError FOREIGN_REQUEST
 */
export function demandOwnPage(request: FastifyRequest, sessionSecret: string): void {
  if (harmless.has(request.method)) return;
  const { origin, 'x-csrf-token': token } = request.headers;
  if (origin !== undefined && !isOwnOrigin(origin, request.host))
    throw new CerberusError('FOREIGN_REQUEST', 'It came from a page of another origin.');
  const expected = Buffer.from(csrfTokenOf(sessionSecret));
  const came = Buffer.from(typeof token === 'string' ? token : '');
  if (came.length !== expected.length || !timingSafeEqual(came, expected))
    throw new CerberusError('FOREIGN_REQUEST', 'Send the csrf_token of GET /api/me as X-CSRF-Token.');
}

/** Whether a browser's `Origin` is the host that it asks. */
export function isOwnOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
