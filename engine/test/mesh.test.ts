import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { on, once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Heartbeat } from '@cerberusmesh/contract/mesh';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRetryParked } from '../src/compose/retry-parked.ts';
import { createNormalize } from '../src/normalize/normalize.ts';
import { createHubClient, type HubAnswer } from '../src/sensor/hub-client.ts';
import { cerberusScript, type EngineProcess, startProcess } from './support/engine-process.ts';
import { startTestHub, type TestHub } from './support/mesh-hub.ts';

let hub: TestHub;
let dir: string;
const timeoutMs = 60_000;
const started: EngineProcess[] = [];
const launcher = join(dirname(cerberusScript), 'launch.mjs');

beforeAll(async () => {
  hub = await startTestHub();
});
afterAll(async () => await hub.close());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cerberus-sensor-'));
});
afterEach(async () => {
  for (const one of started.splice(0)) if (one.child.exitCode === null) await one.kill('SIGKILL');
  await rm(dir, { recursive: true });
});

describe('a sensor', () => {
  it('ships each line once through outages of the hub and kills of its own, over rotation, and the ledger says so', async () => {
    await enrol('north-1');
    const log = join(dir, 'cowrie.json');
    await appendFile(log, linesOf('a', 0, 300));
    let sensor = run();
    await until(async () => (await countEvents('north-1')) === 300);
    await hub.stop();
    await appendFile(log, linesOf('a', 300, 700));
    await sensor.untilSaid(/Lines wait in the spool/);
    await sensor.kill('SIGKILL');
    // What is in the spool now is nowhere else.
    await rm(log);
    await writeFile(log, linesOf('a', 700, 900));
    sensor = run();
    await hub.start();
    await until(async () => (await countEvents('north-1')) === 900);
    await sensor.kill('SIGKILL');
    await appendFile(log, linesOf('a', 900, 1000));
    run();
    await until(async () => (await countEvents('north-1')) === 1000);
    const { rows } = await hub.database.pool.query(
      `select lines_stored::int, lines_parked::int, bytes_read = bytes_stored + bytes_parked as balanced, position->'lost' as lost
         from sources where source_id = 'sensor north-1'`,
    );
    expect(rows).toEqual([{ lines_stored: 1000, lines_parked: 0, balanced: true, lost: 0 }]);
  }, 60_000);

  it('enrols by a file at its first start alone, keeps its secret from other users, and says what to do where it was revoked', async () => {
    const file = join(dir, 'invitation');
    const token = await hub.sensors.invite('north-2', 'test', new Date());
    await writeFile(file, `$ cerberus sensor enrol ${hub.url} --token ${token} ${pin().join(' ')}\n`);
    const first = cerberus(['sensor', '--invitation', file]);
    await first.untilSaid(/The sensor is up/);
    expect(await first.kill('SIGTERM')).toBe(0);
    await rm(file);
    expect((await stat(join(dir, 'state', 'sensor.json'))).mode & 0o777).toBe(0o600);
    await hub.sensors.revoke('north-2', 'test', new Date());
    await appendFile(join(dir, 'cowrie.json'), linesOf('r', 0, 3));
    await cerberus(['sensor', '--invitation', file]).untilSaid(/does not know this sensor \(any more\)/);
    expect(await countEvents('north-2')).toBe(0);
  });

  it('sends nothing at all to a hub with another certificate', async () => {
    const secret = await enrolled('north-3');
    const client = createHubClient({ hub: hub.url, fingerprint: `SHA256:${'0'.repeat(64)}`, secret });
    await expect(client.post('/mesh/poll', beat(), {}, { timeoutMs })).rejects.toThrow(
      /another hub, or somebody between/,
    );
    client.close();
    const listed = await hub.sensors.listWatched();
    expect(listed.find(({ sensor }) => sensor === 'north-3')).toMatchObject({ lastSeen: null });
  });

  it('begins anew in its own place, small, and still ends with the launcher that an older Node needs', async () => {
    await enrol('north-4');
    const launch = `import { runWith } from ${JSON.stringify(launcher)}; await runWith(process.execPath, ['${cerberusScript}', 'sensor']);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', launch], {
      env: stateOf(dir),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // Open as long as the launcher or the sensor lives.
    const ended = once(child, 'close');
    for await (const [said] of on(child.stdout, 'data')) if (/The sensor is up/.test(`${said}`)) break;
    const [sensorPid] = (await readFile(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).split(' ');
    expect(await readFile(`/proc/${sensorPid}/cmdline`, 'utf8')).toContain('--optimize-for-size');
    child.kill('SIGKILL');
    await ended;
  });

  it('says in one line that it was never enrolled, and that nothing listens', async () => {
    const stranger = run();
    expect(await stranger.untilEnd()).toBe(1);
    expect(stranger.said()).toMatch(/^cerberus: .*cerberus sensors invite.*\n$/);
    const free = createServer().listen(0, '127.0.0.1');
    await new Promise((done) => free.once('listening', done));
    const address = free.address();
    free.close();
    const port = typeof address === 'object' ? address?.port : 0;
    const token = `ci_${'a'.repeat(43)}`;
    const nobody = cerberus(['sensor', 'enrol', `https://127.0.0.1:${port}`, '--token', token, ...pin()]);
    expect(await nobody.untilEnd()).toBe(1);
    expect(nobody.said()).toMatch(/^cerberus: The hub did not take .* does not answer \(.*ECONNREFUSED.*\)\.\n$/);
  });
});

describe('an invitation', () => {
  it('is good once: for the same secret again, for another never, and not after a day', async () => {
    const invitation = await hub.sensors.invite('once', 'test', new Date());
    const [mine, other] = [secretOf('m'), secretOf('o')];
    expect(await hub.sensors.enrol(invitation, mine, new Date())).toBe('once');
    expect(await hub.sensors.enrol(invitation, mine, new Date())).toBe('once');
    expect(await hub.sensors.enrol(invitation, other, new Date())).toBeUndefined();
    expect([await hub.sensors.verify(mine), await hub.sensors.verify(other)]).toEqual(['once', undefined]);
    const late = await hub.sensors.invite('late', 'test', new Date(Date.now() - 86_400_001));
    expect(await hub.sensors.enrol(late, secretOf('l'), new Date())).toBeUndefined();
  });

  it('another one replaces the secret of a sensor that was lost, and a revoked one may come back by it', async () => {
    const old = await enrolled('again');
    const invitation = await hub.sensors.invite('again', 'test', new Date());
    expect(await hub.sensors.verify(old)).toBe('again');
    const fresh = secretOf('f');
    await hub.sensors.enrol(invitation, fresh, new Date());
    expect([await hub.sensors.verify(old), await hub.sensors.verify(fresh)]).toEqual([undefined, 'again']);
    await hub.sensors.revoke('again', 'test', new Date());
    expect(await hub.sensors.enrol(invitation, fresh, new Date())).toBeUndefined();
  });

  it('is not made for the name of a honeypot that is not of the mesh', async () => {
    await hub.database.pool.query(
      `insert into rollup_hours (hour, sensor, event_type, severity, events) values (now(), 'svr04', 'x', 'LOW', 1)`,
    );
    await expect(hub.sensors.invite('svr04', 'test', new Date())).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});

describe('a sensor that somebody took over', () => {
  it('writes under its own name whatever its lines say, and cannot be first with a line of another', async () => {
    const [good, bad] = [await enrolled('good'), await enrolled('bad')];
    const lines = linesOf('forged', 0, 5);
    expect((await ship(bad, { body: Buffer.from(lines.replaceAll('"pushed"', '"good"')) })).status).toBe(200);
    await ship(bad, { body: Buffer.from(lines), spool: randomUUID() });
    expect((await ship(good, { body: Buffer.from(lines) })).body).toMatchObject({ stored: 5, duplicate: 0 });
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
    const bad = await enrolled('parker');
    expect((await ship(bad, { body: Buffer.from('{"eventid":"x"\n') })).body).toMatchObject({ parked: 1 });
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
    expect(await countEvents('parker')).toBe(1);
  });

  it('moves no ledger but its own, and a replay of its own stores nothing', async () => {
    const bad = await enrolled('replayer');
    const before = await ledgersBut('replayer');
    const body = Buffer.from(linesOf('replay', 0, 4));
    const spool = randomUUID();
    expect((await ship(bad, { body, spool })).body).toMatchObject({ stored: 4, durable: body.length });
    expect((await ship(bad, { body, spool })).body).toMatchObject({ stored: 0, duplicate: 0, durable: body.length });
    expect((await ship(bad, { body, spool, start: 10_000 })).status).toBe(409);
    expect(await ledgersBut('replayer')).toEqual(before);
  });

  it.each([
    ['a huge body', 413, { body: Buffer.alloc(9 * 1024 * 1024) }],
    ['a bomb', 413, { body: zstdCompressSync(Buffer.alloc(64 * 1024 * 1024)), raw: true }],
    ['half a body', 400, { body: gzipSync('{}').subarray(0, -4), raw: true, encoding: 'gzip' }],
    ['a start below nothing', 400, { body: Buffer.from('{}\n'), start: -1 }],
    ['a spool of its own making', 400, { body: Buffer.from('{}\n'), spool: '../../etc' }],
  ])('%s is refused with %i, and it may go on after it', async (_what, status, shipped) => {
    const bad = await enrolled(`huge-${status}-${shipped.body.length}`);
    for (let time = 0; time < 3; time++) expect((await ship(bad, shipped)).status).toBe(status);
    expect((await ship(bad, { body: Buffer.from(linesOf('after', 0, 1)) })).status).toBe(200);
  });

  it('answers no order but its own, and one of its own once', async () => {
    const [good, bad] = [await enrolled('worker'), await enrolled('liar')];
    await expect(hub.book.ask('worker', { op: 'open' }, 5)).rejects.toMatchObject({ code: 'SENSOR_AWAY' });
    expect(await poll(good)).toEqual([]);
    const asked = hub.book.ask('worker', { op: 'open' }, 5);
    const orders = await poll(good);
    const [order] = orders;
    expect(await poll(bad)).toEqual([]);
    const lie = { id: order?.id, done: true, result: 'a lie' };
    expect((await report(bad, lie)).body).toEqual({ known: false });
    expect((await report(good, { ...lie, result: 'the truth' })).body).toEqual({ known: true });
    expect((await report(good, lie)).body).toEqual({ known: false });
    expect(await asked).toBe('the truth');
  });

  it('is told of no other, and without a secret nobody is told anything', async () => {
    for (const path of ['/mesh/poll', '/mesh/lines', '/mesh/reports']) {
      expect((await post(undefined, path, beat())).status, path).toBe(401);
      expect((await post(secretOf('nobody'), path, beat())).status, path).toBe(401);
    }
  });

  it('is refused numbers of which a sum would have no end: they stood in the list of all sources', async () => {
    const bad = await enrolled('endless');
    const log = { active: true, lastLineAt: null, problem: null, unreadBytes: 1.7e308 };
    expect((await post(bad, '/mesh/poll', beat({ log }))).status).toBe(400);
    expect((await post(bad, '/mesh/poll', beat({ lost: { times: 1, bytes: 1.7e308 } }))).status).toBe(400);
  });

  it('cannot put its lines before all others by a time to come', async () => {
    const bad = await enrolled('prophet');
    const body = Buffer.from(linesOf('to come', 0, 2).replaceAll('2026-11-22', '2099-01-01'));
    expect((await ship(bad, { body })).body).toMatchObject({ stored: 0, parked: 2 });
  });

  it('may lie about its clock, and it is known how far', async () => {
    const bad = await enrolled('clock');
    await post(bad, '/mesh/poll', beat({ sentAt: new Date(Date.now() + 3_600_000).toISOString() }));
    const seen = (await hub.sensors.listWatched()).find(({ sensor }) => sensor === 'clock');
    expect(Math.round((seen?.clockSkewMs ?? 0) / 60_000)).toBe(60);
    expect(Math.abs((seen?.lastSeen?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000);
  });
});

async function enrol(name: string): Promise<void> {
  const invitation = await hub.sensors.invite(name, 'test', new Date());
  const process = cerberus(['sensor', 'enrol', hub.url, '--token', invitation, ...pin()]);
  expect([await process.untilEnd(), process.said()]).toEqual([0, `Enrolled as "${name}". Start it: cerberus sensor\n`]);
}

function run(): EngineProcess {
  return cerberus(['sensor']);
}

function cerberus(args: readonly string[]): EngineProcess {
  const process = startProcess(args, stateOf(dir));
  started.push(process);
  return process;
}

function stateOf(folder: string): Record<string, string> {
  return { CERBERUS_DATA_DIR: join(folder, 'state'), COWRIE_LOG_PATH: join(folder, 'cowrie.json') };
}

function pin(): string[] {
  return ['--fingerprint', hub.fingerprint];
}

async function enrolled(name: string): Promise<string> {
  const secret = secretOf(name);
  await hub.sensors.enrol(await hub.sensors.invite(name, 'test', new Date()), secret, new Date());
  return secret;
}

function secretOf(seed: string): string {
  return `cs_${Buffer.from(seed.padEnd(32, '-')).toString('base64url').slice(0, 43)}`;
}

async function ship(
  secret: string,
  shipped: { body: Buffer; spool?: string; start?: number; encoding?: string; raw?: boolean },
): Promise<HubAnswer> {
  const { body, spool = '00000000-0000-4000-8000-000000000000', start = 0, encoding = 'zstd', raw = false } = shipped;
  const isSmall = body.length < 1024 * 1024;
  return await post(secret, '/mesh/lines', raw || !isSmall ? body : zstdCompressSync(body), {
    'content-type': 'application/x-ndjson',
    'cerberus-spool': spool,
    'cerberus-start': String(start),
    ...(raw || isSmall ? { 'content-encoding': encoding } : {}),
  });
}

async function poll(secret: string): Promise<{ id: string }[]> {
  const { body } = await post(secret, '/mesh/poll', beat());
  // The shape is the contract's, and what is wrong with it fails the test.
  return (body as { orders: { id: string }[] }).orders;
}

async function report(secret: string, body: object): Promise<HubAnswer> {
  return await post(secret, '/mesh/reports', Buffer.from(JSON.stringify(body)));
}

async function post(
  secret: string | undefined,
  path: string,
  body: Buffer,
  headers: Record<string, string> = { 'content-type': 'application/json' },
): Promise<HubAnswer> {
  const client = createHubClient({ hub: hub.url, fingerprint: hub.fingerprint, ...(secret ? { secret } : {}) });
  return await client.post(path, body, headers, { timeoutMs }).finally(() => client.close());
}

function beat(more: Partial<Heartbeat> = {}): Buffer {
  const now = new Date().toISOString();
  const log = { active: true, unreadBytes: 0, lastLineAt: null, problem: null };
  const heartbeat: Heartbeat = {
    ...{ version: '0', sentAt: now, startedAt: now, log, prepared: false, rssBytes: 0 },
    ...{ spool: { bytes: 0, bytesMax: 1 }, lost: { times: 0, bytes: 0 } },
    ...more,
  };
  return Buffer.from(JSON.stringify(heartbeat));
}

function linesOf(session: string, from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => lineOf(session, from + index)).join('');
}

function lineOf(session: string, index: number): string {
  const timestamp = new Date(Date.UTC(2026, 10, 22, 10) + index).toISOString();
  const event = { eventid: 'cowrie.command.input', input: `echo ${index}`, src_ip: '192.0.2.1' };
  return `${JSON.stringify({ ...event, timestamp, session, sensor: 'pushed' })}\n`;
}

async function countEvents(sensor: string): Promise<number> {
  const { rows } = await hub.database.pool.query('select count(*)::int as n from events where sensor = $1', [sensor]);
  return rows[0].n;
}

async function ledgersBut(sensor: string): Promise<object[]> {
  const { rows } = await hub.database.pool.query('select * from sources where source_id <> $1 order by source_id', [
    `sensor ${sensor}`,
  ]);
  return rows;
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
