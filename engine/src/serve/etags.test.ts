import { afterAll, beforeAll, expect, it } from 'vitest';
import { addEvent } from './support/rows.ts';
import { startTestServer, type TestServer } from './support/serve-parts.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await addEvent(server.database.pool);
});
afterAll(async () => await server.close());

it('who has a list already gets 304 without a body, until it says something else', async () => {
  const first = await ask('/api/events');
  const { etag = '' } = first.headers;
  expect(first.headers).toMatchObject({ 'cache-control': 'private, no-cache' });
  for (const known of [etag, `"other", ${etag}`, String(etag).replace('W/', ''), '*']) {
    const again = await ask('/api/events', String(known));
    expect([again.statusCode, again.body, again.headers.etag]).toEqual([304, '', etag]);
  }
  await addEvent(server.database.pool);
  const later = await ask('/api/events', String(etag));
  expect([later.statusCode, later.json().data.length]).toEqual([200, 2]);
});

it('statistics have one too; refusals, and what is told of the asker himself, have none', async () => {
  expect((await ask('/api/stats/techniques')).headers.etag).toMatch(/^W\//);
  expect((await ask('/api/me')).headers.etag).toBeUndefined();
  expect((await ask('/api/events?limit=0')).headers.etag).toBeUndefined();
  expect((await server.api.inject({ url: '/api/events', headers: { 'if-none-match': '*' } })).statusCode).toBe(401);
});

async function ask(url: string, known?: string) {
  const headers = { ...server.as.viewer, ...(known === undefined ? {} : { 'if-none-match': known }) };
  return await server.api.inject({ url, headers });
}
