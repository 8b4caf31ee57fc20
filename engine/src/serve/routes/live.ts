import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Api, ServeConfig } from '../api.ts';
import { bearerOf, type TokenLookup } from '../authentication.ts';
import type { LiveHub } from '../live/hub.ts';
import { type CookieJar, isOwnOrigin } from '../who/cookies.ts';

/** The live feed. Its address is open, because a browser can only say its token inside the handshake or after it. */
export function addLiveRoutes(
  api: Api,
  deps: { readonly hub: LiveHub; readonly tokens: TokenLookup; readonly jar: CookieJar; readonly config: ServeConfig },
): void {
  for (const url of ['/ws', '/api/live']) {
    api.route({
      method: 'GET',
      url,
      websocket: true,
      config: { access: 'open' },
      // Before the handshake is answered, so that a bad token is an HTTP 401 and no open connection.
      preValidation: async (request) => {
        requireKnownOrigin(request.headers.origin, request.host, deps.config);
        const { origin } = request.headers;
        // A person's cookie counts for our own page alone, whatever other origins may ask with a token.
        const isOwnPage = origin !== undefined && isOwnOrigin(origin, request.host);
        const secret = bearerOf(request.headers) ?? (isOwnPage ? deps.jar.readSession(request) : undefined);
        if (secret === undefined) return;
        request.identity = (await deps.tokens.verify(secret)) ?? null;
        if (request.identity === null)
          throw new CerberusError('UNAUTHENTICATED', 'The token or session is unknown, expired or revoked.');
      },
      handler: (socket, request) => deps.hub.join(socket, request.identity),
    });
  }
}

/** Browsers let any page open a WebSocket to anywhere, and CORS does not hold for it. */
function requireKnownOrigin(origin: string | undefined, host: string, { corsOrigins }: ServeConfig): void {
  if (origin === undefined || corsOrigins.includes(origin)) return;
  if (isOwnOrigin(origin, host)) return;
  throw new CerberusError('FORBIDDEN', 'Pages of this origin may not listen; name it in the CORS origins.');
}
