import { gzipSync } from 'node:zlib';
import { sentBytesMax } from '@cerberusmesh/contract/api-ingest';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { startSession } from '../src/assess/assess.ts';
import { composePipeline } from '../src/compose/compose-pipeline.ts';
import { createReceiveLines } from '../src/compose/receive-lines.ts';
import { createRetryParked } from '../src/compose/retry-parked.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createNormalize } from '../src/normalize/normalize.ts';
import type { Pipeline } from '../src/pipeline.ts';
import type { ReceiveLines } from '../src/serve/routes/ingest.ts';
import { startTestServer, type TestServer } from '../src/serve/support/serve-parts.ts';

const url = '/ingest/events';
let server: TestServer;
let whole: Pipeline['onLines'];
/** The pipeline, unless a test puts something before it. */
let onLines: Pipeline['onLines'];

beforeAll(async () => {
  let receive: ReceiveLines = () => Promise.reject(new Error('not yet built'));
  server = await startTestServer({ receiveLines: (request) => receive(request) });
  whole = composePipeline({
    ...{ database: server.database, clock: systemClock, timeZone: 'UTC', startSession, isProbe: () => false },
    assess: (_event, session) => ({ assessment: null, session }),
    assessFailed: (_event, error) => {
      throw error;
    },
  }).onLines;
  receive = createReceiveLines({
    database: server.database,
    pipeline: { onLines: (batch, source) => onLines(batch, source) },
    onStored: () => undefined,
    clock: server.clock,
  }).receive;
});
beforeEach(() => {
  onLines = whole;
});
afterAll(async () => await server.close());

it('stores each line once, plain or gzip, in a ledger of the token that balances', async () => {
  const body = linesOf('once', 3);
  expect((await push(body)).json()).toEqual({ ...nothing, bytes: body.length, stored: 3 });
  const again = await push(gzipSync(body), { 'content-encoding': 'gzip' });
  expect(again.json()).toEqual({ ...nothing, bytes: body.length, duplicate: 3 });
  expect(await countEvents('once')).toBe(3);
  const { data } = (await server.api.inject({ url: '/api/sources', headers: server.as.viewer })).json();
  expect(data).toMatchObject([{ kind: 'http', place: 's', lines_stored: 3, lines_duplicate: 3, balanced: true }]);
});

it('parks a line that cannot be read, at the cost of no other', async () => {
  const body = Buffer.concat([linesOf('parked', 1), Buffer.from('{"no":"event"}\n\n'), linesOf('parked', 2)]);
  expect((await push(body)).json()).toMatchObject({ stored: 2, duplicate: 1, parked: 1 });
});

it('a body that is sent again with its key goes on where it broke off', async () => {
  const body = linesOf('broken', 3000);
  let batches = 0;
  onLines = async (batch, source) => {
    if (++batches === 3) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
    return await whole(batch, source);
  };
  const broken = await push(body, { 'idempotency-key': 'a' });
  expect([broken.statusCode, broken.json().error.code]).toEqual([503, 'DATABASE_AWAY']);
  expect(Number(broken.headers['retry-after'])).toBeGreaterThan(0);
  const durable = await countEvents('broken');
  const rest = (await push(gzipSync(body), { 'idempotency-key': 'a', 'content-encoding': 'gzip' })).json();
  expect(durable).toBeGreaterThan(0);
  expect(rest).toMatchObject({ bytes: body.length, stored: 3000 - durable, duplicate: 0 });
  expect(rest.skipped_bytes).toBeGreaterThan(0);
  expect(await countEvents('broken')).toBe(3000);
  const known = (await push(body, { 'idempotency-key': 'a' })).json();
  expect(known).toEqual({ ...nothing, bytes: body.length, skipped_bytes: body.length });
});

it('a key that comes with another body is a conflict, and nothing of it is stored', async () => {
  await push(linesOf('first', 1), { 'idempotency-key': 'b' });
  expect((await push(linesOf('second', 1), { 'idempotency-key': 'b' })).statusCode).toBe(409);
  expect(await countEvents('second')).toBe(0);
});

it('a batch whose events another process stores at the same moment is looked at again', async () => {
  let failures = 2;
  onLines = async (batch, source) => {
    if (failures-- > 0) throw Object.assign(new Error('duplicate key'), { code: '23505' });
    return await whole(batch, source);
  };
  expect((await push(linesOf('raced', 2))).json()).toMatchObject({ stored: 2 });
});

it.each([
  ['a body over the bound', 413, Buffer.alloc(sentBytesMax + 1, 'a'), {}],
  ['a gzip bomb', 413, gzipSync(Buffer.alloc(64 * 1024 * 1024)), { 'content-encoding': 'gzip' }],
  ['half a gzip', 400, gzipSync(Buffer.from('{}\n')).subarray(0, -4), { 'content-encoding': 'gzip' }],
  ['another encoding', 400, Buffer.from('{}'), { 'content-encoding': 'br' }],
  ['another type', 415, Buffer.from('a=b'), { 'content-type': 'text/plain' }],
  ['an unprintable key', 400, Buffer.from('{}'), { 'idempotency-key': 'é' }],
])('%s is refused with %i, however often, and takes up no room', async (_what, status, body, headers) => {
  for (let time = 0; time < 9; time++) expect((await push(body, headers)).statusCode).toBe(status);
  expect((await push(Buffer.alloc(0))).json()).toEqual({ ...nothing, bytes: 0 });
});

it('while four bodies of a token are being stored it has to wait, and others have not', async () => {
  const storing = Promise.withResolvers<void>();
  onLines = async (batch, source) => {
    await storing.promise;
    return await whole(batch, source);
  };
  const bodies = [0, 1, 2, 3, 4].map((index) => linesOf(`busy ${index}`, 1));
  const answers = bodies.map((body) => push(body));
  const other = push(linesOf('busy other', 1), {}, 'operator');
  const refused = await Promise.race(answers);
  expect([refused.statusCode, refused.json().error.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  storing.resolve();
  const codes = (await Promise.all(answers)).map(({ statusCode }) => statusCode);
  expect(codes.toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 429]);
  expect((await other).statusCode).toBe(200);
  expect((await push(linesOf('busy later', 1))).statusCode).toBe(200);
});

it('what a bound token pushes is the lines of its sensor, whatever they say, also when they are tried again', async () => {
  const bound = { name: 'b', role: 'sensor', expiresAt: null, sensor: 'edge-7' } as const;
  const { secret } = await server.tokens.create(bound, 'test');
  const later = lineOf('bound', 1).replace('2026-11-22T10', '2026-11-22T13');
  const answer = await push(Buffer.from(lineOf('bound', 0) + later), { authorization: `Bearer ${secret}` });
  expect(answer.json()).toMatchObject({ stored: 1, parked: 1 });
  const normalize = createNormalize();
  const { database, clock } = server;
  const now = () => new Date(clock.now().getTime() + 3_600_000);
  await createRetryParked({ database, normalize, onLines: whole, now })(null);
  const { rows } = await database.pool.query(
    `select sensor, raw_event->>'sensor' as claimed from events where session_id = 'bound'`,
  );
  expect(rows).toEqual([0, 1].map(() => ({ sensor: 'edge-7', claimed: 'pushed' })));
});

it('a line of more than ten minutes from now is parked; of the past it is as old as it says', async () => {
  const at = (time: string) => lineOf('clock', 0).replace('2026-11-22T10:00:00.000Z', time);
  const taken = ['2026-11-22T12:09:59.000Z', '2019-01-01T00:00:00.000Z'];
  const refused = ['2026-11-22T12:10:01.000Z', '2099-01-01T00:00:00.000Z'];
  const answer = await push(Buffer.from([...taken, ...refused].map(at).join('')));
  expect(answer.json()).toMatchObject({ stored: 2, parked: 2 });
  const { data } = (
    await server.api.inject({ url: '/api/parked?reason=future_timestamp', headers: server.as.viewer })
  ).json();
  expect(data[0].explanation).toContain('at most 10 minutes');
});

it('rubbish of many lines fills no table with rows, and each line among it that can be read later is', async () => {
  const { database } = server;
  const countRows = async () => Number((await database.pool.query('select count(*) from parked_lines')).rows[0]?.count);
  const before = await countRows();
  const later = Array.from({ length: 20 }, (_, n) => lineOf('rubbish', n).replace('2026-11-22T10', '2099-01-01T10'));
  const rubbish = later.flatMap((line) => [Buffer.from('x'.repeat(40), 'utf16le'), Buffer.from(`\n${line}`)]);
  const answer = (await push(Buffer.concat(rubbish))).json();
  expect(answer.parked).toBeGreaterThan(20 * 40 * 2);
  expect((await countRows()) - before).toBeLessThan(20);
  const retry = createRetryParked({
    ...{ database, normalize: createNormalize(), onLines: whole },
    now: () => new Date('2099-01-02'),
  });
  expect(await retry(null)).toMatchObject({ stored: expect.toSatisfy((stored: number) => stored >= 20) });
  await retry(null);
  expect(await countEvents('rubbish')).toBe(20);
});

it("a controller's notification is kept whole", async () => {
  const notice = {
    eventid: 'controller.instance.launched',
    timestamp: '2026-11-22T10:00:00Z',
    instance: { id: 'i-1' },
  };
  expect((await push(Buffer.from(JSON.stringify(notice)))).json()).toMatchObject({ stored: 1 });
  const { rows } = await server.database.pool.query(
    `select raw_event from events where event_type like 'controller.%'`,
  );
  expect(rows).toEqual([{ raw_event: notice }]);
});

it('the schema of a line is there for everybody', async () => {
  const schema = (await server.api.inject('/api/schemas/ingest-event.json')).json();
  expect(schema).toMatchObject({ type: 'object', required: ['eventid', 'timestamp'] });
});

it('OpenAPI says what a line is and which headers there are', async () => {
  const api = (await server.api.inject('/api/openapi.json')).json();
  const { requestBody, parameters, ...operation } = api.paths[url].post;
  expect(requestBody.content['application/x-ndjson'].schema).toMatchObject({
    properties: { eventid: { type: 'string' } },
    required: ['eventid', 'timestamp'],
  });
  expect(parameters.map(({ name }: { name: string }) => name)).toContain('idempotency-key');
  expect(operation['x-role']).toBe('sensor');
});

const nothing = { skipped_bytes: 0, stored: 0, duplicate: 0, parked: 0 };

async function push(body: Buffer, headers: Record<string, string> = {}, as: 'sensor' | 'operator' = 'sensor') {
  return await server.api.inject({
    ...{ method: 'POST', url, payload: body },
    headers: { ...server.as[as], 'content-type': 'application/x-ndjson', ...headers },
  });
}

function linesOf(session: string, lines: number): Buffer {
  return Buffer.from(Array.from({ length: lines }, (_, index) => lineOf(session, index)).join(''));
}

function lineOf(session: string, index: number): string {
  const timestamp = new Date(Date.UTC(2026, 10, 22, 10) + index).toISOString();
  const event = { eventid: 'cowrie.command.input', input: `echo ${index}`, src_ip: '192.0.2.1' };
  return `${JSON.stringify({ ...event, timestamp, session, sensor: 'pushed' })}\n`;
}

async function countEvents(session: string): Promise<number> {
  const { rows } = await server.database.pool.query('select count(*) as n from events where session_id = $1', [
    session,
  ]);
  return rows[0].n;
}
