import { spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createHubClient } from '../src/sensor/hub-client.ts';
import { cerberusScript, type EngineProcess, startProcess } from './support/engine-process.ts';
import { freePort } from './support/free-port.ts';
import { beat, createMeshCaller, linesOf, secretOf } from './support/mesh-caller.ts';
import { startTestHub, type TestHub } from './support/mesh-hub.ts';

let hub: TestHub;
let caller: ReturnType<typeof createMeshCaller>;
let dir: string;
const timeoutMs = 60_000;
const started: EngineProcess[] = [];
const launcher = join(dirname(cerberusScript), 'launch.mjs');

beforeAll(async () => {
  hub = await startTestHub();
  caller = createMeshCaller(hub);
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
    await until(async () => (await caller.countEvents('north-1')) === 300);
    await hub.stop();
    await appendFile(log, linesOf('a', 300, 700));
    await sensor.untilSaid(/Lines wait in the spool/);
    await sensor.kill('SIGKILL');
    // What is in the spool now is nowhere else.
    await rm(log);
    await writeFile(log, linesOf('a', 700, 900));
    sensor = run();
    await hub.start();
    await until(async () => (await caller.countEvents('north-1')) === 900);
    await sensor.kill('SIGKILL');
    await appendFile(log, linesOf('a', 900, 1000));
    run();
    await until(async () => (await caller.countEvents('north-1')) === 1000);
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
    expect(await caller.countEvents('north-2')).toBe(0);
  });

  it('sends nothing at all to a hub with another certificate', async () => {
    const secret = await caller.enrolled('north-3');
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
    const token = `ci_${'a'.repeat(43)}`;
    const nobody = cerberus(['sensor', 'enrol', `https://127.0.0.1:${await freePort()}`, '--token', token, ...pin()]);
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
    const old = await caller.enrolled('again');
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

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await isTrue())) {
    if (Date.now() > end) throw new Error('it did not come to be');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
