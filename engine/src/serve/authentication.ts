import type { IncomingHttpHeaders } from 'node:http';
import { type Identity, mayActAs, tokenPattern } from '@cerberusmesh/contract/api-tokens';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Access, Api } from './api.ts';

/** Where tokens are looked up; `store/tokens.ts` is one. */
export interface TokenLookup {
  verify(secret: string): Promise<Identity | undefined>;
  isValid(tokenId: string): Promise<boolean>;
}

/**
 * Two hooks around the rate limit: who asks is found before it, because tokens have a limit of their own; whether he
 * may is answered after it, so that guessing is limited, and before the body is read.
 */
export function installAuthentication(api: Api, tokens: TokenLookup, refused: (address: string) => void): void {
  api.decorateRequest('identity', null);

  api.addHook('onRequest', async function identify(request) {
    // What is open must also answer while the database, and so every token, is away.
    if (request.is404 || request.routeOptions.config.access === 'open') return;
    const secret = bearerOf(request.headers);
    if (secret === undefined) return;
    request.identity = (await tokens.verify(secret)) ?? null;
    if (request.identity === null) refused(request.ip);
  });

  api.addHook('preParsing', async function authorise(request) {
    if (!request.is404) requireAccess(accessOf(request.routeOptions), request.identity);
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

/** @throws CerberusError UNAUTHENTICATED or FORBIDDEN. */
export function requireAccess(access: Access, identity: Identity | null): void {
  if (access === 'open') return;
  if (identity === null)
    throw new CerberusError('UNAUTHENTICATED', 'The token is missing, unknown, expired or revoked.');
  if (!mayActAs(identity.role, access)) {
    throw new CerberusError(
      'FORBIDDEN',
      `This needs the role ${access}; the token "${identity.name}" is ${identity.role}.`,
    );
  }
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
