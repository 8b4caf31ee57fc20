import { randomUUID } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createRetryParked } from '../src/compose/retry-parked.ts';
import { createNormalize } from '../src/normalize/normalize.ts';
import { beat, createMeshCaller, linesOf, secretOf } from './support/mesh-caller.ts';
import { startTestHub, type TestHub } from './support/mesh-hub.ts';

/* A sensor that somebody took over: all that its secret allows. */

let hub: TestHub;
let caller: ReturnType<typeof createMeshCaller>;

beforeAll(async () => {
  hub = await startTestHub();
  caller = createMeshCaller(hub);
});
afterAll(async () => await hub.close());

it('writes under its own name whatever its lines say, and cannot be first with a line of another', async () => {
  const [good, bad] = [await caller.enrolled('good'), await caller.enrolled('bad')];
  const lines = linesOf('forged', 0, 5);
  expect((await caller.ship(bad, { body: Buffer.from(lines.replaceAll('"pushed"', '"good"')) })).status).toBe(200);
  await caller.ship(bad, { body: Buffer.from(lines), spool: randomUUID() });
  expect((await caller.ship(good, { body: Buffer.from(lines) })).body).toMatchObject({ stored: 5, duplicate: 0 });
  const { rows } = await hub.database.pool.query(
    `select sensor, count(*)::int as events from events where session_id = 'forged' group by 1 order by 1`,
  );
  expect(rows).toEqual([
    { sensor: 'bad', events: 10 },
    { sensor: 'good', events: 5 },
  ]);
  const sessions = await hub.database.pool.query(
    `select sensor, event_count from sessions where session_id = 'forged' order by 1`,
  );
  expect(sessions.rows).toEqual([
    { sensor: 'bad', event_count: 10 },
    { sensor: 'good', event_count: 5 },
  ]);
});

it('has parked lines read again under its own name too', async () => {
  const bad = await caller.enrolled('parker');
  expect((await caller.ship(bad, { body: Buffer.from('{"eventid":"x"\n') })).body).toMatchObject({ parked: 1 });
  const { pool } = hub.database;
  // As if a later version could read it.
  const readable = linesOf('parked', 0, 1).trim();
  await pool.query(`update parked_lines set bytes = $1 where source_id = 'sensor parker'`, [Buffer.from(readable)]);
  const { database, onLines } = hub;
  expect(
    await createRetryParked({ database, onLines, normalize: createNormalize(), now: () => new Date() })(null),
  ).toMatchObject({
    stored: 1,
  });
  expect(await caller.countEvents('parker')).toBe(1);
});

it('moves no ledger but its own, and a replay of its own stores nothing', async () => {
  const bad = await caller.enrolled('replayer');
  const before = await ledgersBut('replayer');
  const body = Buffer.from(linesOf('replay', 0, 4));
  const spool = randomUUID();
  expect((await caller.ship(bad, { body, spool })).body).toMatchObject({ stored: 4, durable: body.length });
  expect((await caller.ship(bad, { body, spool })).body).toMatchObject({
    stored: 0,
    duplicate: 0,
    durable: body.length,
  });
  expect((await caller.ship(bad, { body, spool, start: 10_000 })).status).toBe(409);
  expect(await ledgersBut('replayer')).toEqual(before);
});

it.each([
  ['a huge body', 413, { body: Buffer.alloc(9 * 1024 * 1024) }],
  ['a bomb', 413, { body: zstdCompressSync(Buffer.alloc(64 * 1024 * 1024)), raw: true }],
  ['half a body', 400, { body: gzipSync('{}').subarray(0, -4), raw: true, encoding: 'gzip' }],
  ['a start below nothing', 400, { body: Buffer.from('{}\n'), start: -1 }],
  ['a spool of its own making', 400, { body: Buffer.from('{}\n'), spool: '../../etc' }],
])('%s is refused with %i, and it may go on after it', async (_what, status, shipped) => {
  const bad = await caller.enrolled(`huge-${status}-${shipped.body.length}`);
  for (let time = 0; time < 3; time++) expect((await caller.ship(bad, shipped)).status).toBe(status);
  expect((await caller.ship(bad, { body: Buffer.from(linesOf('after', 0, 1)) })).status).toBe(200);
});

it('answers no order but its own, and one of its own once', async () => {
  const [good, bad] = [await caller.enrolled('worker'), await caller.enrolled('liar')];
  await expect(hub.book.ask('worker', { op: 'open' }, 5)).rejects.toMatchObject({ code: 'SENSOR_AWAY' });
  expect(await caller.poll(good)).toEqual([]);
  const asked = hub.book.ask('worker', { op: 'open' }, 5);
  const orders = await caller.poll(good);
  const [order] = orders;
  expect(await caller.poll(bad)).toEqual([]);
  const lie = { id: order?.id, done: true, result: 'a lie' };
  expect((await caller.report(bad, lie)).body).toEqual({ known: false });
  expect((await caller.report(good, { ...lie, result: 'the truth' })).body).toEqual({ known: true });
  expect((await caller.report(good, lie)).body).toEqual({ known: false });
  expect(await asked).toBe('the truth');
});

it('is told of no other, and without a secret nobody is told anything', async () => {
  for (const path of ['/mesh/poll', '/mesh/lines', '/mesh/reports']) {
    expect((await caller.post(undefined, path, beat())).status, path).toBe(401);
    expect((await caller.post(secretOf('nobody'), path, beat())).status, path).toBe(401);
  }
});

it('is refused numbers of which a sum would have no end: they stood in the list of all sources', async () => {
  const bad = await caller.enrolled('endless');
  const log = { active: true, lastLineAt: null, problem: null, unreadBytes: 1.7e308 };
  expect((await caller.post(bad, '/mesh/poll', beat({ log }))).status).toBe(400);
  expect((await caller.post(bad, '/mesh/poll', beat({ lost: { times: 1, bytes: 1.7e308 } }))).status).toBe(400);
});

it('cannot put its lines before all others by a time to come', async () => {
  const bad = await caller.enrolled('prophet');
  const body = Buffer.from(linesOf('to come', 0, 2).replaceAll('2026-11-22', '2099-01-01'));
  expect((await caller.ship(bad, { body })).body).toMatchObject({ stored: 0, parked: 2 });
});

it('may lie about its clock, and it is known how far', async () => {
  const bad = await caller.enrolled('clock');
  await caller.post(bad, '/mesh/poll', beat({ sentAt: new Date(Date.now() + 3_600_000).toISOString() }));
  const seen = (await hub.sensors.listWatched()).find(({ sensor }) => sensor === 'clock');
  expect(Math.round((seen?.clockSkewMs ?? 0) / 60_000)).toBe(60);
  expect(Math.abs((seen?.lastSeen?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
});

it('tells whatever it likes in the name of another, and all that is stored of that one stays as it was', async () => {
  const [honest, liar] = [await caller.enrolled('honest'), await caller.enrolled('forger')];
  const spool = randomUUID();
  const body = Buffer.from(visit('a1b2c3d4e5f6', 'pushed').slice(0, -1).join(''));
  expect((await caller.ship(honest, { body, spool })).body).toMatchObject({ stored: 3, durable: body.length });
  await caller.post(honest, '/mesh/poll', beat());
  const before = await allOf('honest');

  const forged = [
    // The same visit under its names, with an end that it did not have yet; its lines once more, and half of one.
    ...['honest', 'sensor honest', 'forger', '../honest'].flatMap((sensor) => visit('a1b2c3d4e5f6', sensor)),
    body.toString(),
    ...absurd.map((lie) => `${JSON.stringify({ ...told('a1b2c3d4e5f6', 'honest'), ...lie })}\n`),
    visit('a1b2c3d4e5f6', 'honest')[0]?.slice(0, 40) ?? '',
  ];
  const lies = Buffer.from(`${forged.join('')}\n`);
  // In the other's stream, behind where that one is, and with bytes said to be lost that are the other's.
  expect((await caller.ship(liar, { body: lies, spool, start: body.length })).status).toBe(200);
  expect(
    (await caller.ship(liar, { body: lies, spool, start: 9_000_000, lostFrom: body.length + lies.length })).status,
  ).toBe(200);
  await caller.post(liar, '/mesh/poll', beat({ version: 'honest', sentAt: '1970-01-01T00:00:00.000Z' }));
  expect(await allOf('honest')).toEqual(before);

  const last = Buffer.from(visit('a1b2c3d4e5f6', 'pushed').at(-1) ?? '');
  const gone = await caller.ship(honest, { body: last, spool, start: body.length });
  expect(gone.body).toMatchObject({ stored: 1, duplicate: 0, durable: body.length + last.length });
  const { sessions, sources } = await allOf('honest');
  expect(sessions).toMatchObject([{ event_count: 4, is_active: false }]);
  expect(sources).toMatchObject([{ lines_stored: 4, lines_parked: 0 }]);
  // What it lied is its own: counted, in balance, and found by its name.
  const own = await allOf('forger');
  expect(own.sources).toMatchObject([{ balanced: true }]);
  expect(own.events.length + own.sources[0].lines_parked).toBeGreaterThan(absurd.length);
});

const absurd: readonly object[] = [
  ...['1970-01-01T00:00:00Z', '1999-12-31T23:59:59Z', '2199-12-31T23:59:59Z', '9999-12-31T23:59:59Z', 'never', ''].map(
    (timestamp) => ({ timestamp }),
  ),
  ...['127.0.0.1', '::', '192.0.2.10', '255.255.255.255', 'not an address', `1${'0'.repeat(5000)}`].map((src_ip) => ({
    src_ip,
  })),
  ...['\u0000', 'x'.repeat(5000), "'; drop table events; --", '__proto__'].map((session) => ({ session })),
  { epoch: 1e300 },
  { eventid: 'cowrie.session.closed', duration_ms: -1e18 },
  { eventid: 'cowrie.log.closed', ttylog: '../../../../etc/shadow', shasum: '0'.repeat(64), size: 1e18 },
];

/** From its beginning to its end. */
function visit(session: string, sensor: string): string[] {
  const steps = [
    { eventid: 'cowrie.session.connect', dst_ip: '192.0.2.10', dst_port: 2222 },
    { eventid: 'cowrie.login.success', username: 'root', password: 'admin' },
    { eventid: 'cowrie.command.input', input: 'uname -a' },
    { eventid: 'cowrie.session.closed', duration_ms: 100 },
  ];
  return steps.map((step, at) => `${JSON.stringify({ ...told(session, sensor, at), ...step })}\n`);
}

function told(session: string, sensor: string, second = 0): object {
  const timestamp = new Date(Date.UTC(2026, 10, 22, 10, 0, second)).toISOString();
  return { eventid: 'cowrie.command.input', input: 'id', src_ip: '198.51.100.7', timestamp, session, sensor };
}

/** All that is stored under the name of a sensor of the mesh. */
async function allOf(sensor: string) {
  const { pool } = hub.database;
  const of = async (text: string, value = sensor) => (await pool.query(text, [value])).rows;
  return {
    events: await of('select * from events where sensor = $1 order by id'),
    sessions: await of('select * from sessions where sensor = $1 order by session_id'),
    rollups: await of('select * from rollup_hours where sensor = $1 order by 1, 2, 3, 4'),
    sources: await of(
      'select *, bytes_read = bytes_stored + bytes_parked as balanced from sources where source_id = $1',
      `sensor ${sensor}`,
    ),
    parked: await of('select * from parked_lines where source_id = $1 order by id', `sensor ${sensor}`),
    known: (await hub.sensors.listWatched()).filter((one) => one.sensor === sensor),
  };
}

async function ledgersBut(sensor: string): Promise<object[]> {
  const { rows } = await hub.database.pool.query('select * from sources where source_id <> $1 order by source_id', [
    `sensor ${sensor}`,
  ]);
  return rows;
}
