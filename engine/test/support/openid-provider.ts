import { once } from 'node:events';
import Provider from 'oidc-provider';
import { freePort } from './free-port.ts';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Settings of a server that trusts it and is reached under the address that was given. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/**
 * A real OpenID provider with its own sign-in pages, for the server at `publicUrl`. Who has what groups is asked for at each
 * sign-in; the password is not looked at.
 */
export async function startOpenIdProvider(
  publicUrl: string,
  groups: ReadonlyMap<string, readonly string[]>,
): Promise<OpenIdProvider> {
  // The issuer must be known before there is a provider.
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const client = { client_id: 'mesh', client_secret: 'a secret' };
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${publicUrl}/api/sign-in/sso/callback`] }],
    claims: { profile: ['preferred_username', 'groups'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, preferred_username: sub, groups: groups.get(sub) ?? [] }),
    }),
  });
  const listening = provider.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  return {
    issuer,
    env: {
      CERBERUS_PUBLIC_URL: publicUrl,
      CERBERUS_OIDC_ISSUER: issuer,
      CERBERUS_OIDC_CLIENT_ID: client.client_id,
      CERBERUS_OIDC_CLIENT_SECRET: client.client_secret,
    },
    async close() {
      listening.closeAllConnections();
      await new Promise((resolve) => listening.close(resolve));
    },
  };
}
