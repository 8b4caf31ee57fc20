import type { InjectOptions } from 'fastify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/serve-parts.ts';
import { csrfTokenOf } from './cookies.ts';

const password = 'correct horse battery staple';
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ config: { rateLimitMax: 100_000 } });
});
afterAll(async () => await server.close());

describe('the first admin', () => {
  it('is whoever opens the link first; the link is good once, and worth nothing where people exist', async () => {
    const [link, other] = [
      await server.who.links.make(null, 24, 'test'),
      await server.who.links.make(null, 24, 'test'),
    ];
    expect((await post('/api/welcome', { token: link.token })).statusCode).toBe(404);
    expect((await post('/api/welcome', { token: other.token })).json()).toMatchObject({ state: 'open', name: null });
    const weak = await post('/api/welcome', { token: other.token, name: 'ada', password: 'adaadaadaada' });
    expect([weak.statusCode, weak.json().error.code]).toEqual([400, 'VALIDATION_FAILED']);
    const made = await post('/api/welcome', { token: other.token, name: 'ada', password });
    expect(made.json()).toMatchObject({ state: 'signed_in' });
    expect(String(made.headers['set-cookie'])).toMatch(
      /cerberus_session=cs_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict/,
    );
    expect((await get('/api/me', cookiesOf(made))).json()).toMatchObject({ kind: 'user', name: 'ada', role: 'admin' });
    expect((await post('/api/welcome', { token: other.token, name: 'eve', password })).statusCode).toBe(404);
    const late = await server.who.links.make(null, 24, 'test');
    expect((await post('/api/welcome', { token: late.token, name: 'eve', password })).statusCode).toBe(404);
  });
});

describe('a session', () => {
  it('changes nothing for a page that does not know its token, or is of another origin', async () => {
    const { headers } = await personWith('cora');
    const change = async (more: object, without: string[] = []) => {
      const sent = Object.fromEntries(
        Object.entries({ ...headers, ...more }).filter(([name]) => !without.includes(name)),
      );
      const answer = await server.api.inject({
        method: 'POST',
        url: '/api/kill-switch',
        headers: sent,
        payload: { on: false },
      });
      return answer.json().error?.code ?? answer.statusCode;
    };
    expect(await change({})).toBe(200);
    expect(await change({ origin: 'http://localhost:3000', host: 'localhost:3000' })).toBe(200);
    expect(await change({}, ['x-csrf-token'])).toBe('FOREIGN_REQUEST');
    expect(await change({ 'x-csrf-token': 'A'.repeat(43) })).toBe('FOREIGN_REQUEST');
    expect(await change({ origin: 'http://localhost:2222', host: 'localhost:3000' })).toBe('FOREIGN_REQUEST');
  });

  it('ends by leaving, by being disabled, by another password elsewhere, and after half a day of rest', async () => {
    const { headers } = await personWith('dana');
    await server.api.inject({ method: 'POST', url: '/api/sign-out', headers });
    expect((await get('/api/me', headers)).statusCode).toBe(401);

    const [here, there] = [await signedInAs('dana'), await signedInAs('dana')];
    const change = { current: password, wanted: `${password}!` };
    expect(
      (await server.api.inject({ method: 'POST', url: '/api/me/password', headers: here, payload: change })).statusCode,
    ).toBe(200);
    expect([(await get('/api/me', here)).statusCode, (await get('/api/me', there)).statusCode]).toEqual([200, 401]);

    const disable = {
      method: 'POST',
      url: '/api/users/dana',
      headers: server.as.admin,
      payload: { disabled: true },
    } as const;
    expect((await server.api.inject(disable)).json()).toMatchObject({ state: 'disabled' });
    expect((await get('/api/me', here)).statusCode).toBe(401);
    expect((await signIn('dana', `${password}!`)).statusCode).toBe(401);

    const { headers: resting } = await personWith('dora');
    server.clock.advance(11 * 3_600_000);
    expect((await get('/api/me', resting)).statusCode).toBe(200);
    server.clock.advance(13 * 3_600_000);
    expect((await get('/api/me', resting)).statusCode).toBe(401);
  });

  it('the last admin can neither be disabled nor made less', async () => {
    const answer = await server.api.inject({
      method: 'POST',
      url: '/api/users/ada',
      headers: server.as.admin,
      payload: { role: 'viewer' },
    });
    expect(answer.statusCode).toBe(409);
  });
});

describe('guessing', () => {
  it('is slowed by address and name; a right password of the same address has to wait too', async () => {
    await personWith('elsa');
    for (let guess = 0; guess < 6; guess++) expect((await signIn('elsa', `wrong ${guess}`)).statusCode).toBe(401);
    expect((await signIn('elsa', password)).statusCode).toBe(429);
    expect((await signIn('elsa', password, { remoteAddress: '198.51.100.9' })).statusCode).toBe(200);
    server.clock.advance(2 * 60_000);
    expect((await signIn('elsa', password)).statusCode).toBe(200);
  });

  it('from everywhere keeps strangers waiting, and not the browser that signed in before', async () => {
    const { device } = await personWith('fred');
    for (let guess = 0; guess < 60; guess++) {
      await signIn('fred', 'wrong', { remoteAddress: `203.0.113.${guess}` });
    }
    expect((await signIn('fred', password, { remoteAddress: '203.0.113.200' })).statusCode).toBe(429);
    const known = { remoteAddress: '203.0.113.201', headers: { cookie: device } };
    expect((await signIn('fred', password, known)).statusCode).toBe(200);
    // The mark of one person is none of another's.
    await personWith('gina');
    for (let guess = 0; guess < 60; guess++) await signIn('gina', 'wrong', { remoteAddress: `203.0.113.${guess}` });
    expect((await signIn('gina', password, known)).statusCode).toBe(429);
  });
});

describe('a second factor', () => {
  it('is asked for once it was confirmed; a code is good once, a recovery code too', async () => {
    const { headers } = await personWith('hana');
    const offer = (await mine('/api/me/totp', {}, headers)).json();
    expect(offer.uri).toContain(`secret=${offer.secret}`);
    expect((await signIn('hana', password)).json()).toEqual({ state: 'signed_in' });
    expect((await mine('/api/me/totp/confirm', { code: '000000' }, headers)).statusCode).toBe(401);
    const { recovery_codes } = (await mine('/api/me/totp/confirm', { code: codeNow(offer.secret) }, headers)).json();
    expect(new Set(recovery_codes).size).toBe(10);

    expect((await signIn('hana', password)).json()).toEqual({ state: 'second_factor' });
    // The code that confirmed it is used up.
    expect((await signIn('hana', password, {}, codeNow(offer.secret))).statusCode).toBe(401);
    server.clock.advance(30_000);
    const code = codeNow(offer.secret);
    expect((await signIn('hana', password, {}, code)).json()).toEqual({ state: 'signed_in' });
    expect((await signIn('hana', password, {}, code)).statusCode).toBe(401);
    const [recovery] = recovery_codes;
    expect((await signIn('hana', password, {}, recovery.toUpperCase().replaceAll('-', ' '))).json()).toEqual({
      state: 'signed_in',
    });
    expect((await signIn('hana', password, {}, recovery)).statusCode).toBe(401);
    const stored = await server.database.pool.query(`select * from users where name = 'hana'`);
    expect(JSON.stringify(stored.rows)).not.toContain(offer.secret);

    const reset = await server.api.inject({ method: 'POST', url: '/api/users/hana/reset', headers: server.as.admin });
    const token = reset.json().link.split('/').at(-1);
    expect((await post('/api/welcome', { token, password })).json()).toMatchObject({
      state: 'signed_in',
      name: 'hana',
    });
  });
});

describe('a token', () => {
  it('that is confined to some parts of the API gets nothing of the others, and no more than its role', async () => {
    const made = await server.api.inject({
      ...{ method: 'POST', url: '/api/tokens', headers: server.as.admin },
      payload: { name: 'siem', role: 'operator', scopes: ['events', 'feeds'], days: 1 },
    });
    const { secret, id } = made.json();
    const ask = async (url: string) => (await get(url, { authorization: `Bearer ${secret}` })).statusCode;
    expect(await Promise.all(['/api/events', '/api/feeds/blocklist', '/api/me'].map(ask))).toEqual([200, 200, 200]);
    expect(await Promise.all(['/api/sessions', '/api/audit', '/config', '/api/users'].map(ask))).toEqual([
      403, 403, 403, 403,
    ]);
    const listed = (await get('/api/tokens', server.as.admin)).json().data[0];
    expect(listed).toMatchObject({ name: 'siem', scopes: ['events', 'feeds'], created_by: 'token:a' });
    expect(listed.last_used_at).not.toBeNull();
    await server.api.inject({ method: 'POST', url: `/api/tokens/${id}/revoke`, headers: server.as.admin });
    expect(await ask('/api/events')).toBe(401);
  });
});

it('all of it stands in the audit log, and no password does', async () => {
  const { rows } = await server.database.pool.query<{ action: string }>('select distinct action from audit_log');
  expect(rows.map(({ action }) => action)).toEqual(
    expect.arrayContaining([
      'user.create',
      'user.link',
      'user.sign_in',
      'user.sign_out',
      'user.refused',
      'user.change',
    ]),
  );
  expect(rows.map(({ action }) => action)).toEqual(expect.arrayContaining(['user.password', 'user.second_factor']));
  const all = await server.database.pool.query('select * from audit_log');
  expect(JSON.stringify(all.rows)).not.toContain(password);
});

interface Answer {
  readonly headers: { readonly 'set-cookie'?: string | string[] | undefined };
}

/** Somebody with a password, signed in. */
async function personWith(name: string) {
  const user = await server.who.users.create({ name, role: 'operator', voucher: null }, 'test');
  await server.who.users.setPassword(user, await server.who.passwords.hash(password), null, 'test');
  const answer = await signIn(name, password);
  const device = cookieOf(answer, 'cerberus_device');
  return { device: `cerberus_device=${device}`, headers: cookiesOf(answer) };
}

async function signedInAs(name: string) {
  return cookiesOf(await signIn(name, password));
}

async function signIn(name: string, secret: string, more: InjectOptions = {}, code?: string) {
  const payload = { name, password: secret, ...(code === undefined ? {} : { code }) };
  return await server.api.inject({ method: 'POST', url: '/api/sign-in', payload, ...more });
}

async function get(url: string, headers: Readonly<Record<string, string>>) {
  return await server.api.inject({ url, headers });
}

async function post(url: string, payload: object) {
  return await server.api.inject({ method: 'POST', url, payload });
}

async function mine(url: string, payload: object, headers: Readonly<Record<string, string>>) {
  return await server.api.inject({ method: 'POST', url, payload, headers });
}

function cookiesOf(answer: Answer): Record<string, string> {
  const secret = cookieOf(answer, 'cerberus_session');
  return { cookie: `cerberus_session=${secret}`, 'x-csrf-token': csrfTokenOf(secret) };
}

function cookieOf({ headers }: Answer, name: string): string {
  const found = [headers['set-cookie'] ?? []].flat().find((one) => one.startsWith(`${name}=`));
  return /=([^;]*)/.exec(found ?? '')?.[1] ?? '';
}

function codeNow(secret: string): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: server.clock.now().getTime() });
}
