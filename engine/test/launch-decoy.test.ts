import { randomUUID } from 'node:crypto';
import { access, chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ActionPage, type ActionRecord } from '@cerberusmesh/contract/api-actions';
import { SourceList } from '@cerberusmesh/contract/api-sources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openShell } from '../src/act/cowrie/shell-visit.ts';
import { createCowrieDriver } from '../src/act/launch-decoy/cowrie-driver.ts';
import type { DecoyPlan } from '../src/act/launch-decoy/driver.ts';
import { tendDecoys } from '../src/act/launch-decoy/tend-decoys.ts';
import { systemClock } from '../src/kit/clock.ts';
import { cowriePython } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

const ports = { first: 24_100, last: 24_199 };
/** Looking without a rest takes the core from what is looked for. */
const lookMs = 50;

describe('a further Cowrie, launched over the API', () => {
  let database: TestDatabase;
  let folder: string;
  let up: EngineProcess;
  let url: string;
  let token: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    database = await createTestDatabase();
    folder = await mkdtemp(join(tmpdir(), 'cerberus-launch-'));
    // The decoys' own user must be able to pass.
    await chmod(folder, 0o755);
    env = {
      CERBERUS_DATA_DIR: join(folder, 'state'),
      DATABASE_URL: database.url,
      COWRIE_LOG_PATH: join(folder, 'no-cowrie.json'),
      CERBERUS_LAUNCH_DRIVER: 'cowrie',
      CERBERUS_LAUNCH_PYTHON: await cowriePython(),
      CERBERUS_LAUNCH_DIR: join(folder, 'decoys'),
      CERBERUS_LAUNCH_PORTS: `${ports.first}-${ports.last}`,
      CERBERUS_LAUNCH_MAX: '1',
      PORT: '0',
    };
    up = startProcess(['up'], env);
    url = await up.untilSaid(/is up:\s+(\S+)/);
    token = await up.untilSaid(/(cm_[\w-]+)/);
  }, 120_000);
  afterAll(async () => {
    await up.kill('SIGTERM');
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is up, probed and a sensor whose log is read; one more is over the cap', async () => {
    await order();
    const launched = await untilAction(({ status }) => status === 'verified');
    expect(launched.verification).toMatchObject({ verified: true });
    const { sensor, port } = resultOf(launched.result);
    await typeAt(port, 'cat /etc/passwd; echo from-the-decoy');
    await untilRow(`select from events where sensor = $1 and command like '%from-the-decoy%'`, [sensor]);
    // The probe's own visits are known as such there too.
    await untilRow(`select from sessions where sensor = $1 and is_probe`, [sensor]);
    // With our plugin, as a prepared one: a lure is there for the very command that asks.
    await typeAt(port, 'cat ~/.git-credentials');
    await untilRow(`select from adaptations where sensor = $1 and action_details->>'way' = 'plugin'`, [sensor]);
    const { rows } = await database.pool.query('select kind, place from sensors where sensor = $1', [sensor]);
    expect(rows).toEqual([{ kind: 'cowrie', place: `127.0.0.1:${port}` }]);

    await order();
    const refused = await untilAction(({ status }) => status === 'refused');
    expect(refused.error).toContain('not more than 1 are allowed');
  }, 120_000);

  it('outlives a kill -9 of the engine, which goes on where it was', async () => {
    const { sensor, port } = resultOf((await untilAction(({ status }) => status === 'verified')).result);
    await up.kill('SIGKILL');
    await typeAt(port, 'echo while-nobody-listened');
    up = startProcess(['up'], env);
    url = await up.untilSaid(/is up:\s+(\S+)/);
    await untilRow(`select from events where sensor = $1 and command like '%while-nobody-listened%'`, [sensor]);
    const sources = SourceList.parse(await ask('GET', '/api/sources'));
    expect(sources.data.filter(({ place }) => place.includes(sensor))).toMatchObject([{ balanced: true }]);
  }, 60_000);

  it('is ended by its undoing: nobody listens, nothing is left but what visitors left, the last line was read', async () => {
    const action = await untilAction(({ status }) => status === 'verified');
    const { sensor, port } = resultOf(action.result);
    const before = await ask('POST', `/api/actions/${action.id}/undo`, {});
    expect(before).toMatchObject({ status: 'undone' });
    await expect(knock(port)).rejects.toThrow('ECONNREFUSED');
    expect(await readdir(join(folder, 'decoys', 'cowrie'))).toEqual([]);
    expect(await readdir(join(folder, 'state', 'evidence', sensor))).toContain('tty');
    const { rows } = await database.pool.query('select from sensors where sensor = $1', [sensor]);
    expect(rows).toEqual([]);
  }, 60_000);

  it('may be a decoy of our own: up within a second, read, brought up again with the engine, and taken away', async () => {
    await order({ driver: 'decoy' });
    const launched = await untilAction(
      ({ status, parameters }) => status === 'verified' && JSON.stringify(parameters).includes('"decoy"'),
    );
    const { sensor, port } = resultOf(launched.result);
    const upAt = launched.steps.find(({ name }) => name === 'up')?.at ?? '';
    expect(Date.parse(upAt) - Date.parse(launched.created_at)).toBeLessThan(15_000);
    await typeAt(port, 'echo from-our-own');
    await untilRow(`select from events where sensor = $1 and command like '%from-our-own'`, [sensor]);
    await up.kill('SIGTERM');
    await expect(knock(port)).rejects.toThrow('ECONNREFUSED');
    up = startProcess(['up'], env);
    url = await up.untilSaid(/is up:\s+(\S+)/);
    await typeAt(port, 'echo again');
    await untilRow(`select from events where sensor = $1 and command like '%again'`, [sensor]);
    expect(await ask('POST', `/api/actions/${launched.id}/undo`, {})).toMatchObject({ status: 'undone' });
    await expect(knock(port)).rejects.toThrow('ECONNREFUSED');
    expect(await readdir(join(folder, 'state', 'decoys', 'launched'))).toEqual([]);
    expect(await readdir(join(folder, 'state', 'evidence', sensor))).toContain('tty');
  }, 90_000);

  async function order(parameters: object = {}): Promise<void> {
    const about = { kind: 'launch_decoy', reason: 'A test.', request_id: randomUUID() };
    await ask('POST', '/api/actions', { ...about, parameters });
  }

  async function untilAction(isIt: (action: ActionRecord) => boolean) {
    for (;;) {
      const found = ActionPage.parse(await ask('GET', '/api/actions?kind=launch_decoy')).data.find(isIt);
      if (found) return found;
      await pause(lookMs);
    }
  }

  async function untilRow(text: string, values: unknown[]): Promise<void> {
    while ((await database.pool.query(text, values)).rows.length === 0) await pause(lookMs);
  }

  async function ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  }
});

describe('decoys that nobody remembers', () => {
  it('are ended and removed, half-made ones too; one whose process ended is started again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-orphans-'));
    await chmod(folder, 0o755);
    const driver = createCowrieDriver({
      ...{ folder: join(folder, 'decoys'), evidenceFolder: join(folder, 'evidence'), host: '127.0.0.1', ports },
      python: await cowriePython(),
      clock: systemClock,
    });
    const signal = AbortSignal.timeout(60_000);
    const orphan = await aPlan('decoy-orphan');
    const known = await aPlan('decoy-known', orphan.port);
    for (const plan of [orphan, known]) await driver.up(plan, signal);
    await mkdir(join(folder, 'decoys', 'decoy-half'));
    await driver.end(known, signal);

    const removed: string[] = [];
    const log = {
      orphanRemoved: ({ sensor }: { sensor: string }) => void removed.push(sensor),
      notTended: (_driver: string, error: unknown) => {
        throw error;
      },
    };
    await tendDecoys([driver], async () => [{ plan: known, place: undefined, isUp: true }], log, signal);

    expect(removed.toSorted()).toEqual(['decoy-half', 'decoy-orphan']);
    expect(await readdir(join(folder, 'decoys'))).toEqual(['decoy-known']);
    await expect(knock(orphan.port)).rejects.toThrow('ECONNREFUSED');
    await typeAt(known.port, 'id');

    await driver.end(known, signal);
    await driver.end(known, signal);
    await driver.remove(known, signal);
    await rm(folder, { recursive: true });

    async function aPlan(sensor: string, ...taken: number[]): Promise<DecoyPlan> {
      const port = await driver.choosePort(new Set(taken));
      return { driver: 'cowrie', id: randomUUID(), sensor, hostname: 'web-01', port };
    }
  }, 90_000);

  it('with a stranger’s process under the number of theirs, leave him alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cerberus-stranger-'));
    const driver = createCowrieDriver({
      ...{
        folder,
        evidenceFolder: join(folder, 'evidence'),
        host: '127.0.0.1',
        ports,
        python: null,
        clock: systemClock,
      },
    });
    await mkdir(join(folder, 'decoy-old', 'var', 'run'), { recursive: true });
    await writeFile(join(folder, 'decoy-old', 'var', 'run', 'cowrie.pid'), String(process.pid));
    const stop = AbortSignal.timeout(10_000);
    // Were it taken for the decoy's, this would be the end of this test run.
    await driver.end({ id: '', sensor: 'decoy-old' }, stop);
    await driver.remove({ id: '', sensor: 'decoy-old' }, stop);
    await expect(access(join(folder, 'decoy-old'))).rejects.toThrow('ENOENT');
    expect(await driver.check()).toContain('CERBERUS_LAUNCH_PYTHON');
    await rm(folder, { recursive: true });
    expect(await readFile('/proc/self/cmdline', 'utf8')).not.toBe('');
  });
});

async function typeAt(port: number, line: string): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  const shell = await openShell({ host: '127.0.0.1', port, username: 'root', password: 'a-guess', signal }).catch(
    async (error: unknown) => {
      // A Cowrie that was just started may not listen yet.
      if (signal.aborted || !String(error).includes('ECONNREFUSED')) throw error;
      return undefined;
    },
  );
  if (!shell) {
    await pause(lookMs);
    return await typeAt(port, line);
  }
  await shell.type(line);
  shell.close();
}

function knock(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.on('error', reject);
  });
}

function resultOf(result: unknown): { sensor: string; port: number } {
  if (typeof result !== 'object' || result === null || !('sensor' in result) || !('port' in result)) {
    throw new Error(`no decoy in ${JSON.stringify(result)}`);
  }
  return { sensor: String(result.sensor), port: Number(result.port) };
}
