import type { IncomingHttpHeaders } from 'node:http';
import { type Identity, mayActAs, type Role, tokenPattern } from '@cerberusmesh/contract/api-tokens';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Access, Api } from './api.ts';
import { type CookieJar, demandOwnPage } from './who/cookies.ts';

/** Where tokens and the secrets of sessions are looked up; `compose/who-may.ts` makes one. */
export interface TokenLookup {
  verify(secret: string): Promise<Identity | undefined>;
  isValid(id: string): Promise<boolean>;
}

/**
 * Two hooks around the rate limit: who asks is found before it, because tokens have a limit of their own; whether he
 * may is answered after it, so that guessing is limited, and before the body is read.
 */
export function installAuthentication(
  api: Api,
  parts: { readonly tokens: TokenLookup; readonly jar: CookieJar; readonly refused: (address: string) => void },
): void {
  const { tokens, jar, refused } = parts;
  api.decorateRequest('identity', null);
  api.decorateRequest('sessionSecret', null);

  api.addHook('onRequest', async function identify(request) {
    // What is open must also answer while the database, and so every token, is away.
    if (request.is404 || request.routeOptions.config.access === 'open') return;
    const bearer = bearerOf(request.headers);
    // Who sends a header means it: a cookie that happens to be there counts for nothing beside it.
    const session = request.headers.authorization === undefined ? jar.readSession(request) : undefined;
    const secret = bearer ?? session;
    if (secret === undefined) return;
    request.identity = (await tokens.verify(secret)) ?? null;
    if (request.identity === null) {
      if (bearer !== undefined) refused(request.ip);
    } else if (bearer === undefined) {
      request.sessionSecret = secret;
      demandOwnPage(request, secret);
    }
  });

  api.addHook('preParsing', async function authorise(request) {
    if (request.is404) return;
    const access = accessOf(request.routeOptions);
    if (access !== 'open') requireAccess(access, request.identity, request.routeOptions.schema?.tags?.[0]);
  });
}

/**
 * Call after the plugins have made their own routes, and before ours: a route that does not say who may ask is a bug.
 * What they said is in `api.accessOfRoutes`, by `GET /api/events`.
 */
export function demandAccessOfRoutes(api: Api): void {
  const routes = new Map<string, Access>();
  api.decorate('accessOfRoutes', routes);
  api.addHook('onRoute', ({ method, url, config }) => {
    if (config?.access === undefined) throw new Error(`${method} ${url} does not say who may ask`);
    routes.set(`${method} ${url}`, config.access);
  });
}

/** `part` is the route's first tag. @throws CerberusError UNAUTHENTICATED or FORBIDDEN. */
function requireAccess(access: Role | 'known', identity: Identity | null, part: string | undefined): void {
  if (identity === null)
    throw new CerberusError('UNAUTHENTICATED', 'The token or session is missing, unknown, expired or revoked.');
  if (access !== 'known' && !mayActAs(identity.role, access)) {
    throw new CerberusError(
      'FORBIDDEN',
      `This needs the role ${access}; the ${identity.kind} "${identity.name}" is ${identity.role}.`,
    );
  }
  // What everybody may ask about himself belongs to no scope; what has no tag, to none that a token can be given.
  if (part === 'sign-in' || identity.scopes === null || identity.scopes.some((scope) => scope === part)) return;
  throw new CerberusError('FORBIDDEN', `The token "${identity.name}" is confined to ${identity.scopes.join(', ')}.`);
}

/** From `Authorization: Bearer`, or for WebSockets, whose browser interface cannot set it, from the offered subprotocols. */
export function bearerOf(headers: IncomingHttpHeaders): string | undefined {
  const offered = headers.authorization?.match(/^Bearer +(\S+)$/i)?.[1];
  if (offered !== undefined) return tokenPattern.test(offered) ? offered : undefined;
  return headers['sec-websocket-protocol']
    ?.split(',')
    .map((protocol) => protocol.trim())
    .find((protocol) => tokenPattern.test(protocol));
}

function accessOf({ config }: { readonly config: { readonly access?: Access } }): Access {
  return config.access ?? 'admin';
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the cookie by which a person was recognised; null for tokens. */
    sessionSecret: string | null;
  }
}
