import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OpenIdProvider, startOpenIdProvider } from '../../../test/support/openid-provider.ts';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';

const publicUrl = 'http://127.0.0.1:3000';
const groups = new Map([
  ['ada', ['honeynet-admins']],
  ['bob', ['soc']],
  ['eve', ['sales']],
]);
let provider: OpenIdProvider;
let server: TestServer;

beforeAll(async () => {
  provider = await startOpenIdProvider(publicUrl, groups);
  server = await startTestServer({
    env: {
      ...provider.env,
      CERBERUS_OIDC_ADMINS: 'honeynet-admins',
      CERBERUS_OIDC_OPERATORS: 'soc',
    },
  });
});
afterAll(async () => {
  await server?.close();
  await provider?.close();
});

it('lets in whom the provider vouches for, as what his groups make him; the second time as the same person', async () => {
  expect(await roleAfterSignIn('ada')).toEqual(['ada', 'admin']);
  expect(await roleAfterSignIn('bob')).toEqual(['bob', 'operator']);
  groups.set('bob', ['honeynet-admins']);
  expect(await roleAfterSignIn('bob')).toEqual(['bob', 'admin']);
  expect((await server.who.users.list()).map(({ name, single_sign_on }) => [name, single_sign_on])).toEqual([
    ['ada', provider.issuer],
    ['bob', provider.issuer],
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
