import type { Voucher } from '@cerberusmesh/contract/account';
import { UserName, type UserRole } from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Configuration, IDToken } from 'openid-client';
import { z } from 'zod';
import { isLoopback } from '../host-guard.ts';

export interface SingleSignOnSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the button says. */
  readonly label: string;
  /** The claim whose values make a role: `groups`. */
  readonly roleClaim: string;
  /** Values of that claim; `*` is everybody whom the provider lets in. */
  readonly admins: readonly string[];
  readonly operators: readonly string[];
  readonly viewers: readonly string[];
  /** Under which people reach this server; the provider sends them back there. */
  readonly publicUrl: () => string;
}

/** Whom the provider vouches for. */
export interface Vouched {
  readonly voucher: Voucher;
  readonly name: string;
  /** Null: nothing that he is makes him anything here. */
  readonly role: UserRole | null;
}

/** Sign-in at an OpenID provider: authorization code with PKCE, state and nonce. */
export interface SingleSignOn {
  readonly label: string;
  /** Where to send the browser, and what it must keep until it is back. */
  begin(): Promise<{ readonly url: string; readonly errand: string }>;
  /** `search` is what the provider sent the browser back with. @throws CerberusError SIGN_IN_FAILED */
  finish(search: string, errand: string | undefined): Promise<Vouched>;
}

export const callbackPath = '/api/sign-in/sso/callback';
const scopes = 'openid profile email';
const Errand = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** The provider is asked for its configuration when somebody first signs in, so that one that is away delays no start. */
export function createSingleSignOn(settings: SingleSignOnSettings): SingleSignOn {
  let discovered: Promise<Configuration> | undefined;

  return {
    label: settings.label,
    async begin() {
      const client = await import('openid-client');
      const provider = await discover();
      const errand = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(provider, {
        redirect_uri: callbackUrl().href,
        scope: scopes,
        state: errand.state,
        nonce: errand.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(errand.verifier),
        code_challenge_method: 'S256',
      });
      return { url: url.href, errand: Buffer.from(JSON.stringify(errand)).toString('base64url') };
    },
    async finish(search, kept) {
      const errand = readErrand(kept);
      const back = callbackUrl();
      back.search = search;
      const claims = await ask(back, errand).catch((cause: unknown) => {
        throw new CerberusError('SIGN_IN_FAILED', 'The provider did not vouch for this person.', cause);
      });
      const { issuer } = (await discover()).serverMetadata();
      return {
        voucher: { issuer, subject: claims.sub },
        name: nameOf(claims),
        role: roleOf(claims[settings.roleClaim], settings),
      };
    },
  };

  function callbackUrl(): URL {
    return new URL(callbackPath, settings.publicUrl());
  }

  /** Once; a provider that was away is asked again. */
  function discover(): Promise<Configuration> {
    discovered ??= discoverNow().catch((cause: unknown) => {
      discovered = undefined;
      throw new CerberusError('SIGN_IN_FAILED', `The provider ${settings.issuer} cannot be asked.`, cause);
    });
    return discovered;
  }

  async function discoverNow(): Promise<Configuration> {
    const client = await import('openid-client');
    const issuer = new URL(settings.issuer);
    // Without TLS anybody on the way could vouch for anybody; on this machine there is no way.
    const options = isLoopback(issuer.hostname) ? { execute: [client.allowInsecureRequests] } : {};
    return await client.discovery(issuer, settings.clientId, settings.clientSecret, undefined, options);
  }

  async function ask(back: URL, errand: z.infer<typeof Errand>): Promise<Claims> {
    const client = await import('openid-client');
    const provider = await discover();
    const tokens = await client.authorizationCodeGrant(provider, back, {
      expectedState: errand.state,
      expectedNonce: errand.nonce,
      pkceCodeVerifier: errand.verifier,
      idTokenExpected: true,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('the answer holds no id_token');
    // Many providers keep groups out of the id_token, which would grow with them.
    if (claims[settings.roleClaim] !== undefined || !provider.serverMetadata().userinfo_endpoint) return claims;
    return { ...(await client.fetchUserInfo(provider, tokens.access_token, claims.sub)), ...claims };
  }
}

type Claims = Pick<IDToken, 'sub'> & { readonly [claim: string]: unknown };

function readErrand(kept: string | undefined): z.infer<typeof Errand> {
  try {
    return Errand.parse(JSON.parse(Buffer.from(kept ?? '', 'base64url').toString('utf8')));
  } catch (cause) {
    throw new CerberusError('SIGN_IN_FAILED', 'It was not begun in this browser, or too long ago.', cause);
  }
}

/** A name that may stand in our lists and audit log, whatever the provider lets people call themselves. */
function nameOf(claims: Claims): string {
  for (const wish of [claims['preferred_username'], claims['email'], claims.sub]) {
    const name = String(wish ?? '')
      .replaceAll(/[^A-Za-z0-9._@+-]/g, '-')
      .slice(0, 64);
    if (UserName.safeParse(name).success) return name;
  }
  return `someone-${Buffer.from(claims.sub).toString('hex').slice(0, 40)}`;
}

function roleOf(claim: unknown, { admins, operators, viewers }: SingleSignOnSettings): UserRole | null {
  const is = Array.isArray(claim) ? claim.map(String) : claim === undefined || claim === null ? [] : [String(claim)];
  const holds = (wanted: readonly string[]) => wanted.some((each) => each === '*' || is.includes(each));
  if (holds(admins)) return 'admin';
  if (holds(operators)) return 'operator';
  return holds(viewers) ? 'viewer' : null;
}
