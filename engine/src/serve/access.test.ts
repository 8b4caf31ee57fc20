import { mayActAs, Role, Scope } from '@cerberusmesh/contract/api-tokens';
import { UserRole } from '@cerberusmesh/contract/api-users';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Access } from './api.ts';
import { startTestServer, type TestServer } from './support/serve-parts.ts';
import { type SignedIn, signInOneOfEach } from './support/test-people.ts';

let server: TestServer;
let people: Readonly<Record<UserRole, SignedIn>>;
beforeAll(async () => {
  server = await startTestServer({ config: { rateLimitMax: 10_000 } });
  people = await signInOneOfEach(server.who);
});
afterAll(async () => await server.close());

const id = '0192f0c1-2345-7abc-8def-0123456789ab';

const aManagedKey = {
  host: 'web-1.example.org',
  username: 'deploy',
  host_key: `SHA256:${'a'.repeat(43)}`,
  private_key: 'a private key',
};

/** Every route there is. A route that is missing here fails the last test. */
const table: readonly {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly access: Access;
  readonly body?: object;
  /** Where who may ask gets something else than 200 or 404 in an empty house. */
  readonly gets?: number;
}[] = [
  { method: 'GET', url: '/health', access: 'open' },
  { method: 'GET', url: '/', access: 'open' },
  { method: 'GET', url: '/api', access: 'open' },
  { method: 'GET', url: '/api/', access: 'open' },
  { method: 'GET', url: '/api/openapi.json', access: 'open' },
  { method: 'GET', url: '/api/schemas/ingest-event.json', access: 'open' },
  { method: 'GET', url: '/api/events', access: 'viewer' },
  { method: 'GET', url: '/events', access: 'viewer' },
  { method: 'GET', url: `/api/events/${id}`, access: 'viewer' },
  { method: 'GET', url: '/api/sensors', access: 'viewer' },
  { method: 'POST', url: '/api/sensors', access: 'admin', body: { sensor: 'north-1' } },
  { method: 'DELETE', url: '/api/sensors/north-1', access: 'admin' },
  { method: 'GET', url: '/api/sessions', access: 'viewer' },
  { method: 'GET', url: '/api/sessions/a1b2c3d4e5f6', access: 'viewer' },
  { method: 'GET', url: '/api/sessions/a1b2c3d4e5f6/artifacts', access: 'viewer' },
  { method: 'GET', url: '/api/sessions/a1b2c3d4e5f6/recording', access: 'viewer' },
  { method: 'GET', url: `/api/artifacts/${'ab'.repeat(32)}/archive`, access: 'operator' },
  { method: 'GET', url: '/api/attackers', access: 'viewer' },
  { method: 'GET', url: '/api/attackers/192.0.2.1', access: 'viewer' },
  { method: 'GET', url: '/api/attackers/192.0.2.1/profile', access: 'viewer' },
  { method: 'POST', url: '/api/attackers/192.0.2.1/notes', access: 'operator', body: { text: 'a test' } },
  { method: 'GET', url: '/api/allow-list', access: 'viewer' },
  { method: 'POST', url: '/api/allow-list', access: 'operator', body: { network: '192.0.2.0/24', reason: 'a test' } },
  { method: 'DELETE', url: `/api/allow-list/${id}`, access: 'operator' },
  { method: 'GET', url: '/api/commands', access: 'viewer' },
  { method: 'GET', url: '/api/credentials', access: 'viewer' },
  { method: 'GET', url: '/api/stats', access: 'viewer' },
  { method: 'GET', url: '/api/stats/severity-trends', access: 'viewer' },
  { method: 'GET', url: '/api/decisions', access: 'viewer' },
  { method: 'GET', url: '/decisions', access: 'viewer' },
  { method: 'GET', url: '/api/adaptations', access: 'viewer' },
  { method: 'GET', url: `/api/adaptations/${id}`, access: 'viewer' },
  { method: 'POST', url: `/api/adaptations/${id}/rollback`, access: 'operator' },
  { method: 'GET', url: '/api/actions', access: 'viewer' },
  { method: 'GET', url: '/api/actions/kinds', access: 'viewer' },
  { method: 'GET', url: `/api/actions/${id}`, access: 'viewer' },
  { method: 'POST', url: '/api/actions', access: 'operator', body: { kind: 'monitor', reason: 'a test' } },
  { method: 'POST', url: `/api/actions/${id}/undo`, access: 'operator' },
  { method: 'GET', url: '/api/audit', access: 'operator' },
  { method: 'POST', url: '/api/audit/verify', access: 'operator' },
  { method: 'GET', url: '/api/managed-keys', access: 'operator' },
  { method: 'PUT', url: '/api/managed-keys/web-1', access: 'admin', body: aManagedKey },
  { method: 'DELETE', url: '/api/managed-keys/web-1', access: 'admin' },
  { method: 'GET', url: '/api/analyses', access: 'viewer' },
  { method: 'GET', url: '/api/channels', access: 'viewer' },
  { method: 'GET', url: '/api/notices', access: 'viewer' },
  { method: 'GET', url: '/api/feeds/blocklist', access: 'viewer' },
  { method: 'POST', url: '/api/channels/webhook/test', access: 'operator' },
  { method: 'GET', url: `/api/analyses/${id}`, access: 'viewer' },
  { method: 'GET', url: '/api/approvals', access: 'viewer' },
  { method: 'POST', url: `/api/approvals/${id}`, access: 'operator', body: { answer: 'rejected' } },
  {
    method: 'POST',
    url: '/api/approvals/link',
    access: 'open',
    body: { token: `${'A'.repeat(30)}.${'A'.repeat(43)}` },
  },
  { method: 'GET', url: '/api/adaptations/effect', access: 'viewer' },
  { method: 'GET', url: '/api/kill-switch', access: 'viewer' },
  { method: 'POST', url: '/api/kill-switch', access: 'operator', body: { on: false } },
  { method: 'GET', url: '/api/policy', access: 'viewer' },
  {
    method: 'POST',
    url: '/api/policy/check',
    access: 'viewer',
    body: { version: '1', rules: [{ id: 'r', why: 'W.', when: {}, decision: 'monitor' }] },
  },
  { method: 'POST', url: '/api/policy/reload', access: 'admin' },
  { method: 'POST', url: '/api/policy/dry-run', access: 'operator', body: {} },
  { method: 'GET', url: `/api/decisions/${id}`, access: 'viewer' },
  { method: 'GET', url: '/api/campaigns', access: 'viewer' },
  { method: 'GET', url: `/api/campaigns/${id}`, access: 'viewer' },
  { method: 'GET', url: '/api/campaigns/export', access: 'viewer' },
  { method: 'GET', url: '/api/novelty', access: 'viewer' },
  { method: 'GET', url: `/api/sessions/${id}/kin`, access: 'viewer' },
  { method: 'GET', url: '/api/stats/countries', access: 'viewer' },
  { method: 'GET', url: '/api/stats/techniques', access: 'viewer' },
  { method: 'GET', url: '/api/stats/techniques/navigator', access: 'viewer' },
  { method: 'GET', url: '/api/history', access: 'viewer' },
  { method: 'GET', url: '/api/events/export', access: 'viewer' },
  { method: 'GET', url: '/api/searches', access: 'viewer' },
  { method: 'POST', url: '/api/searches', access: 'viewer', body: { name: 'a', q: 'wget' } },
  { method: 'DELETE', url: `/api/searches/${id}`, access: 'viewer' },
  { method: 'GET', url: '/api/detectability', access: 'viewer' },
  { method: 'POST', url: '/api/detectability', access: 'operator', body: { sensor: 'none' } },
  { method: 'GET', url: '/api/lures', access: 'viewer' },
  { method: 'GET', url: '/api/touches', access: 'viewer' },
  { method: 'GET', url: '/api/kept-files', access: 'viewer' },
  { method: 'POST', url: `/api/events/${id}/feedback`, access: 'operator', body: { verdict: 'confirmed' } },
  { method: 'DELETE', url: `/api/events/${id}/feedback`, access: 'operator' },
  { method: 'GET', url: '/api/feedback', access: 'viewer' },
  { method: 'GET', url: '/api/models', access: 'viewer' },
  { method: 'GET', url: '/api/models/shipped', access: 'viewer' },
  { method: 'POST', url: '/api/models/shipped/promote', access: 'admin' },
  { method: 'POST', url: '/api/models/rollback', access: 'admin' },
  { method: 'POST', url: '/api/models/train', access: 'admin', body: {} },
  { method: 'POST', url: '/train', access: 'admin', body: {} },
  { method: 'POST', url: '/api/models/reassess', access: 'admin', body: { days: 1 } },
  { method: 'POST', url: '/ingest/events', access: 'sensor' },
  { method: 'GET', url: '/api/sources', access: 'viewer' },
  { method: 'GET', url: '/api/parked', access: 'viewer' },
  { method: 'POST', url: '/api/parked/retry', access: 'operator' },
  { method: 'GET', url: '/status', access: 'viewer' },
  { method: 'GET', url: '/metrics', access: 'viewer' },
  { method: 'GET', url: '/config', access: 'viewer' },
  { method: 'GET', url: '/config/changes', access: 'viewer' },
  { method: 'DELETE', url: '/config/CERBERUS_RETENTION_DAYS', access: 'admin' },
  { method: 'GET', url: '/api/retention', access: 'viewer' },
  { method: 'GET', url: '/api/doctor', access: 'operator' },
  { method: 'POST', url: '/config', access: 'admin', body: { CERBERUS_THRESHOLD: 0.7 } },
  { method: 'GET', url: '/api/sign-in/ways', access: 'open' },
  { method: 'POST', url: '/api/sign-in', access: 'open', body: {}, gets: 400 },
  { method: 'POST', url: '/api/welcome', access: 'open', body: { token: 'A'.repeat(43) } },
  { method: 'GET', url: '/api/sign-in/sso', access: 'open' },
  { method: 'GET', url: '/api/sign-in/sso/callback', access: 'open' },
  { method: 'GET', url: '/api/me', access: 'known' },
  // What a person does with his own account a token may not do, whatever its role; a person without a password is refused too.
  { method: 'POST', url: '/api/me/password', access: 'viewer', body: { current: 'x', wanted: 'y' }, gets: 403 },
  { method: 'POST', url: '/api/me/totp', access: 'viewer', gets: 403 },
  { method: 'POST', url: '/api/me/totp/confirm', access: 'viewer', body: { code: '123456' }, gets: 403 },
  { method: 'POST', url: '/api/me/totp/remove', access: 'viewer', body: { password: 'x' }, gets: 403 },
  { method: 'GET', url: '/api/users', access: 'admin' },
  { method: 'POST', url: '/api/users', access: 'admin', body: { name: 'some-viewer' }, gets: 409 },
  { method: 'POST', url: '/api/users/nobody', access: 'admin', body: { role: 'viewer' } },
  { method: 'POST', url: '/api/users/nobody/reset', access: 'admin' },
  { method: 'GET', url: '/api/tokens', access: 'admin' },
  { method: 'POST', url: '/api/tokens', access: 'admin', body: { name: 'another' }, gets: 201 },
  { method: 'POST', url: `/api/tokens/${id}/revoke`, access: 'admin' },
  // Last: it ends the session that asks.
  { method: 'POST', url: '/api/sign-out', access: 'viewer' },
];

const askers = ['nobody', ...Role.options] as const;
const cases = table.flatMap((route) => askers.map((asker) => ({ ...route, asker })));
const personCases = table
  .filter(({ access }) => access !== 'open')
  .flatMap((route) => UserRole.options.map((asker) => ({ ...route, asker })));

describe('who may ask what', () => {
  it.each(cases)('$method $url ($access) asked by $asker', async ({ method, url, access, body, gets, asker }) => {
    const headers = asker === 'nobody' ? {} : server.as[asker];
    const answer = await server.api.inject({ method, url, headers, ...(body ? { payload: body } : {}) });
    if (mayAsk(asker, access)) expect(gets === undefined ? [200, 404] : [gets]).toContain(answer.statusCode);
    else expect(answer.statusCode).toBe(asker === 'nobody' ? 401 : 403);
  });

  it.each(personCases)(
    '$method $url ($access) asked by a person who is $asker',
    async ({ method, url, access, body, gets, asker }) => {
      const ask = { method, url, ...(body ? { payload: body } : {}) };
      const answer = await server.api.inject({ ...ask, headers: { ...people[asker] } });
      if (!mayAsk(asker, access)) expect(answer.statusCode).toBe(403);
      else if (gets === 403) expect([200, 401, 409]).toContain(answer.statusCode);
      else expect(gets === undefined ? [200, 404] : [gets]).toContain(answer.statusCode);
    },
  );

  it('every part of the API is one that a token can be confined to', async () => {
    const { paths } = (await server.api.inject('/api/openapi.json')).json();
    const operations = Object.values<Record<string, { tags?: string[] }>>(paths).flatMap((path) => Object.values(path));
    const parts = new Set(operations.map(({ tags }) => tags?.[0]));
    parts.delete('sign-in');
    expect([...parts].filter((part) => !Scope.safeParse(part).success)).toEqual([]);
  });

  it('the table names every route of the server', () => {
    const listed = table.map(({ method, url, access }): [string, Access] => [`${method} ${asPattern(url)}`, access]);
    const served = [...server.api.accessOfRoutes].filter(
      ([route]) => !/^HEAD | \/assets\/| \/(?:icon|reference|replay)\.\w+$| \/ws$| \/api\/live$/.test(route),
    );
    expect(new Map(served)).toEqual(new Map(listed));
  });
});

function asPattern(url: string): string {
  return url
    .replace(id, ':id')
    .replace('a1b2c3d4e5f6', ':id')
    .replace('192.0.2.1', ':ip')
    .replace('ab'.repeat(32), ':sha256')
    .replace('users/nobody', 'users/:name')
    .replace('sensors/north-1', 'sensors/:sensor')
    .replace('config/CERBERUS_RETENTION_DAYS', 'config/:name')
    .replace('webhook/test', ':name/test')
    .replace('web-1', ':name')
    .replace('north-1', ':sensor')
    .replace('shipped', ':version');
}

function mayAsk(asker: (typeof askers)[number], access: Access): boolean {
  if (access === 'open') return true;
  return asker !== 'nobody' && (access === 'known' || mayActAs(asker, access));
}
