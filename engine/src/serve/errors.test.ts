import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ErrorBody } from '@cerberusmesh/contract/api';
import { CerberusError, errorCatalogue } from '@cerberusmesh/contract/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from './support/serve-parts.ts';

let server: TestServer;
let fault: unknown = new Error('secret path /srv/keys, password hunter2');
beforeAll(async () => {
  server = await startTestServer({
    config: { rateLimitMax: 10_000 },
    rollback: async () => {
      throw fault;
    },
  });
});
afterAll(async () => await server.close());

const rollback = '/api/adaptations/00000000-0000-0000-0000-000000000001/rollback';

describe('every error has the one shape', () => {
  it.each([
    ['an unknown address', 'GET', '/nowhere', undefined, 404, 'NOT_FOUND'],
    ['an address that cannot be decoded', 'GET', '/api/events/%zz', undefined, 400, 'VALIDATION_FAILED'],
    ['a method that is not there', 'DELETE', '/api/events', undefined, 404, 'NOT_FOUND'],
    ['a body that is not JSON', 'POST', '/config', '{"a":', 400, 'VALIDATION_FAILED'],
    ['an empty body', 'POST', '/config', '', 400, 'VALIDATION_FAILED'],
    ['a body of another form', 'POST', '/config', '[1]', 400, 'VALIDATION_FAILED'],
    ['a setting that is not there', 'POST', '/config', '{"PATH":"x"}', 400, 'VALIDATION_FAILED'],
    ['no setting at all', 'POST', '/config', '{}', 400, 'VALIDATION_FAILED'],
    ['a key that would reach Object.prototype', 'POST', '/config', '{"__proto__":{"x":1}}', 400, 'VALIDATION_FAILED'],
    ['a body over 1 MiB', 'POST', '/config', `{"a":"${'x'.repeat(1024 * 1024)}"}`, 413, 'BODY_TOO_LARGE'],
  ] as const)('%s', async (_, method, url, payload, status, code) => {
    const headers = { ...server.as.admin, ...(payload === undefined ? {} : { 'content-type': 'application/json' }) };
    const answer = await server.api.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    expect([answer.statusCode, ErrorBody.parse(answer.json()).error.code]).toEqual([status, code]);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/xml'])('a body of type %s', async (type) => {
    const headers = { ...server.as.admin, 'content-type': type };
    const answer = await server.api.inject({ method: 'POST', url: '/config', headers, payload: 'a=b' });
    expect([answer.statusCode, answer.json().error.code]).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
  });

  it('what is wrong with each field is told by its path', async () => {
    const payload = { CERBERUS_THRESHOLD: 2, ENABLE_AUTO_ADAPTATION: 'yes' };
    const answer = await server.api.inject({ method: 'POST', url: '/config', headers: server.as.admin, payload });
    const paths = answer.json().error.details.map((detail: { path: string }) => detail.path);
    expect(paths.toSorted()).toEqual(['body.CERBERUS_THRESHOLD', 'body.ENABLE_AUTO_ADAPTATION']);
  });

  it.each([
    ['an unknown fault', new Error('secret path /srv/keys, password hunter2'), 500, 'INTERNAL'],
    ['the database away', new CerberusError('DATABASE_AWAY', 'host db.internal'), 503, 'DATABASE_AWAY'],
    ['a thrown string', 'hunter2', 500, 'INTERNAL'],
  ])('%s is logged whole and told without any detail', async (_, thrown, status, code) => {
    fault = thrown;
    const answer = await server.api.inject({ method: 'POST', url: rollback, headers: server.as.operator });
    expect(answer.statusCode).toBe(status);
    const { error } = ErrorBody.parse(answer.json());
    expect(error).toEqual({
      code,
      message: errorCatalogue[error.code as 'INTERNAL'].message,
      request_id: error.request_id,
    });
    expect(server.logged.at(-1)?.fields).toMatchObject({ err: thrown, code, requestId: error.request_id });
  });

  it('the request id is ours, whatever the asker says', async () => {
    const headers = { 'request-id': 'evil', 'x-request-id': 'evil' };
    expect((await server.api.inject({ url: '/nowhere', headers })).json().error.request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('bytes that are not HTTP get an answer and the connection ends', async () => {
    const { port } = new URL(await server.api.listen({ port: 0, host: '127.0.0.1' }));
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('\u0000\u0001SSH-2.0-OpenSSH\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(ErrorBody.parse(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).error.code).toBe('VALIDATION_FAILED');
  });
});

describe('docs/errors.md', () => {
  it('explains every code of the catalogue with its status, and no other', async () => {
    const page = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'errors.md'), 'utf8');
    const explained = [...page.matchAll(/^## `([A-Z_]+)` \((\d{3})\)\n\n(.+)/gm)];
    expect(explained.map(([, code, status]) => `${code} ${status}`).toSorted()).toEqual(
      Object.entries(errorCatalogue)
        .map(([code, { status }]) => `${code} ${status}`)
        .toSorted(),
    );
  });
});

describe('docs/api.md', () => {
  it('names every address of the server', async () => {
    const page = await readFile(join(import.meta.dirname, '..', '..', '..', 'docs', 'api.md'), 'utf8');
    const routes = [...server.api.accessOfRoutes].filter(
      ([route]) => !/^HEAD | \/assets\/| \/(?:icon|reference)\.\w+$/.test(route) && route !== 'GET /',
    );
    expect(routes.length).toBeGreaterThan(25);
    for (const [route, access] of routes) {
      const [method, url] = route.split(' ');
      const row = page.split('\n').find((line) => line.startsWith(`| \`${method} `) && line.includes(`${url}\``));
      expect(row, route).toBeDefined();
      // The live feed is open as an address; what it tells needs a viewer's token.
      if (access !== 'open') expect(row, route).toContain(`| ${access} |`);
    }
  });
});
