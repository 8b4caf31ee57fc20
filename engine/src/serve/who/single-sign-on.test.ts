import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

const publicUrl = 'http://127.0.0.1:3000';
const groups = new Map([
  ['ada', ['honeynet-admins']],
  ['bob', ['soc']],
  ['eve', ['sales']],
]);
let issuer = '';
let close = async () => {};
let server: TestServer;

/** A real OpenID provider with its own sign-in pages. */
beforeAll(async () => {
  // The issuer must be known before there is a provider: a port is taken and given back.
  const probe = (await import('node:http')).createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // `as`: a TCP server's address is no string.
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [
      { client_id: 'mesh', client_secret: 'a secret', redirect_uris: [`${publicUrl}/api/sign-in/sso/callback`] },
    ],
    claims: { profile: ['preferred_username', 'groups'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, preferred_username: sub, groups: groups.get(sub) ?? [] }),
    }),
  });
  const listening = provider.listen(port, '127.0.0.1');
  await once(listening, 'listening');
  close = async () => {
    listening.closeAllConnections();
    await new Promise((resolve) => listening.close(resolve));
  };
  server = await startTestServer({
    env: {
      CERBERUS_PUBLIC_URL: publicUrl,
      CERBERUS_OIDC_ISSUER: issuer,
      CERBERUS_OIDC_CLIENT_ID: 'mesh',
      CERBERUS_OIDC_CLIENT_SECRET: 'a secret',
      CERBERUS_OIDC_ADMINS: 'honeynet-admins',
      CERBERUS_OIDC_OPERATORS: 'soc',
    },
  });
});
afterAll(async () => {
  await server?.close();
  await close();
});

it('lets in whom the provider vouches for, as what his groups make him; the second time as the same person', async () => {
  expect(await roleAfterSignIn('ada')).toEqual(['ada', 'admin']);
  expect(await roleAfterSignIn('bob')).toEqual(['bob', 'operator']);
  groups.set('bob', ['honeynet-admins']);
  expect(await roleAfterSignIn('bob')).toEqual(['bob', 'admin']);
  expect((await server.who.users.list()).map(({ name, single_sign_on }) => [name, single_sign_on])).toEqual([
    ['ada', issuer],
    ['bob', issuer],
  ]);
});

it('keeps out who is nothing here, who is disabled, and an answer that was not asked for in this browser', async () => {
  expect((await comeBack('eve')).headers['location']).toBe('/?sign_in=FORBIDDEN');
  await server.who.users.change('bob', { disabled: true }, 'test');
  expect((await comeBack('bob')).headers['location']).toBe('/?sign_in=FORBIDDEN');
  const { back } = await visitProvider('ada');
  const stolen = await server.api.inject({ url: back });
  expect(stolen.headers['location']).toBe('/?sign_in=SIGN_IN_FAILED');
  expect(String(stolen.headers['set-cookie'])).not.toContain('cerberus_session=cs_');
});

async function roleAfterSignIn(name: string): Promise<[string, string]> {
  const answer = await comeBack(name);
  expect(answer.headers['location']).toBe('/');
  const session = /cerberus_session=[^;]+/.exec(String(answer.headers['set-cookie']))?.[0] ?? '';
  const me = (await server.api.inject({ url: '/api/me', headers: { cookie: session } })).json();
  return [me.name, me.role];
}

async function comeBack(name: string) {
  const { back, errand } = await visitProvider(name);
  return await server.api.inject({ url: back, headers: { cookie: errand } });
}

/** As a browser goes: to us, to the provider, through its forms, and as far as the address that leads back. */
async function visitProvider(name: string): Promise<{ back: string; errand: string }> {
  const begun = await server.api.inject('/api/sign-in/sso');
  const errand = /cerberus_errand=[^;]+/.exec(String(begun.headers['set-cookie']))?.[0] ?? '';
  const cookies = new Map<string, string>();
  let next = String(begun.headers['location']);
  let form: URLSearchParams | undefined;
  for (let hop = 0; hop < 12 && !next.startsWith(publicUrl); hop++) {
    const answer = await fetch(next, {
      method: form ? 'POST' : 'GET',
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form ? { body: form } : {}),
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(key, value);
    }
    const to = answer.headers.get('location');
    const page = await answer.text();
    if (to !== null) form = undefined;
    else
      form = new URLSearchParams(
        page.includes('name="login"') ? { prompt: 'login', login: name, password: 'x' } : { prompt: 'consent' },
      );
    next = new URL(to ?? /action="([^"]+)"/.exec(page)?.[1] ?? '', next).href;
  }
  return { back: next.slice(publicUrl.length), errand };
}
