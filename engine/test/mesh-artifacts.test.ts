import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@cerberusmesh/contract/settings';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { composeArtifacts } from '../src/compose/artifacts.ts';
import { readConfig } from '../src/config.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createQueries } from '../src/store/read/queries.ts';
import { createReader } from '../src/store/read/reader.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';
import { startTestHub, type TestHub } from './support/mesh-hub.ts';

let hub: TestHub;
let dir: string;
let honeypot: string;
let sensor: EngineProcess;
let bringing: Promise<void>;
let artifacts: ReturnType<typeof composeArtifacts>['artifacts'];
const stop = new AbortController();

beforeAll(async () => {
  hub = await startTestHub();
  dir = await mkdtemp(join(tmpdir(), 'cerberus-mesh-artifacts-'));
  honeypot = join(dir, 'cowrie');
  await mkdir(join(honeypot, 'var/log/cowrie'), { recursive: true });
  await mkdir(join(honeypot, 'var/lib/cowrie/downloads'), { recursive: true });
  await writeFile(join(dir, 'secret'), 'not of the honeypot');
  const env = {
    CERBERUS_DATA_DIR: join(dir, 'state'),
    COWRIE_LOG_PATH: join(honeypot, 'var/log/cowrie/cowrie.json'),
  };
  const token = await hub.sensors.invite('north', 'test', new Date());
  const enrolling = startProcess(['sensor', 'enrol', hub.url, '--token', token, '--fingerprint', hub.fingerprint], env);
  expect(await enrolling.untilEnd()).toBe(0);
  sensor = startProcess(['sensor'], env);
  const { database, book } = hub;
  const composed = composeArtifacts({
    ...{ database, clock: systemClock, installKey: Buffer.alloc(32, 7), askSensor: book.ask },
    settings: { current: () => defaultSettings },
    config: readConfig({
      ...{ flags: {}, cwd: '/', home: '/', projectDir: null, readFile: () => '' },
      env: { CERBERUS_ARTIFACT_BYTES: '4000000' },
    }),
    queries: createQueries(createReader(database.pool)),
    log: { warn: () => undefined },
  });
  artifacts = composed.artifacts;
  bringing = composed.run(stop.signal);
}, 60_000);
afterAll(async () => {
  stop.abort();
  await bringing;
  await sensor.kill('SIGKILL');
  await hub.close();
  await rm(dir, { recursive: true });
});

it('what a honeypot elsewhere keeps comes in with its sensor, in pieces, once, and only what it says it is', async () => {
  const payload = randomBytes(2_500_000);
  const huge = randomBytes(5_000_000);
  const claimed = hashOf(Buffer.from('something else'));
  const secret = hashOf(Buffer.from('not of the honeypot'));
  await keep(hashOf(payload), payload);
  await keep(hashOf(huge), huge);
  await keep(claimed, Buffer.from('what it is not'));
  await tell(
    ['brought', hashOf(payload), ''],
    ['again', hashOf(payload), ''],
    ['huge', hashOf(huge), ''],
    ['forged', claimed, ''],
    ['climbing', secret, '../../secret'],
  );
  await vi.waitUntil(async () => (await states()).length === 5 && !(await states()).includes('waiting'), 40_000);
  expect(await states()).toEqual(['kept', 'missing', 'refused', 'kept', 'too_large'].toSorted());
  const { rows } = await hub.database.pool.query('select sha256, size_bytes::int as bytes from artifacts');
  expect(rows).toEqual([{ sha256: hashOf(payload), bytes: payload.length }]);
  expect((await artifacts.openArchive(hashOf(payload)))?.length).toBeGreaterThan(payload.length);
}, 60_000);

async function keep(name: string, content: Buffer): Promise<void> {
  await writeFile(join(honeypot, 'var/lib/cowrie/downloads', name), content);
}

async function tell(...told: readonly (readonly [string, string, string])[]): Promise<void> {
  // An hour old, so that what is missing is not waited for.
  const timestamp = new Date(Date.now() - 3_700_000).toISOString();
  const lines = told.map(([session, shasum, outfile]) => {
    const event = { eventid: 'cowrie.session.file_download', url: 'http://192.0.2.1/x', src_ip: '192.0.2.9' };
    return `${JSON.stringify({ ...event, timestamp, session, sensor: 'x', shasum, outfile })}\n`;
  });
  await appendFile(join(honeypot, 'var/log/cowrie/cowrie.json'), lines.join(''));
}

async function states(): Promise<string[]> {
  const { rows } = await hub.database.pool.query<{ state: string }>(
    'select state from artifact_sightings order by state',
  );
  return rows.map(({ state }) => state);
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
