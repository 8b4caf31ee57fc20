import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeLines } from '../../bench/make-lines.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';
import { freePort } from './support/free-port.ts';

const lines = [...makeLines(2200)];
/** Nobody listens there. */
const nobody = 'http://127.0.0.1:9';

describe('events that were stored while the ML service was away', () => {
  let database: TestDatabase;
  let direct: TestDatabase;
  let folder: string;
  let log: string;
  const running: EngineProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cerberus-reassess-'));
    log = join(folder, 'cowrie.json');
    await writeFile(log, `${lines.join('\n')}\n`);
    direct = await createTestDatabase();
    await replay(direct.url, {});
  });
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const process of running.splice(0)) if (process.child.exitCode === null) await process.kill('SIGKILL');
    await database.drop();
  });
  afterAll(async () => {
    await direct.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('wait as UNKNOWN, and are counted afterwards as in a run that never missed it, kills included', async () => {
    await replay(database.url, { ML_SERVICE_URL: nobody });
    expect(await count('select count(*) from events where is_analyzed')).toBe(0);
    expect(await count(`select count(*) from events where severity = 'UNKNOWN'`)).toBe(lines.length);
    expect(await count(`select sum(events) as count from rollup_hours where severity = 'UNKNOWN'`)).toBe(lines.length);

    const port = await startService();
    for (let kills = 0; kills < 2; kills++) {
      const up = start(['up'], { ML_SERVICE_URL: `http://127.0.0.1:${port}` });
      await up.untilSaid(/is up/);
      const before = await analyzed();
      await until(async () => (await analyzed()) > before || (await analyzed()) === lines.length);
      await up.kill('SIGKILL');
    }
    const up = start(['up'], { ML_SERVICE_URL: `http://127.0.0.1:${port}` });
    await until(async () => (await analyzed()) === lines.length);
    expect(await up.kill('SIGTERM')).toBe(0);
    await expectAsDirect();
    expect(await count('select count(*) from decisions')).toBe(0);
  }, 120_000);

  it('are analysed by the engine that waited, when the service comes back', async () => {
    const port = await freePort();
    const up = start(['up'], { ML_SERVICE_URL: `http://127.0.0.1:${port}`, COWRIE_LOG_PATH: log });
    await until(async () => (await count('select count(*) from events')) === lines.length);
    expect(await analyzed()).toBe(0);
    await startService(port);
    await until(async () => (await analyzed()) === lines.length);
    expect(await up.kill('SIGTERM')).toBe(0);
    await expectAsDirect();
  }, 120_000);

  /** Everything that is counted from assessments, and the assessments, as in the database that was filled directly. */
  async function expectAsDirect(): Promise<void> {
    for (const table of Object.values(tables)) {
      const [now, expected] = await Promise.all([database.pool.query(table), direct.pool.query(table)]);
      expect(now.rows).toEqual(expected.rows);
    }
  }

  async function startService(port = 0): Promise<number> {
    const ml = start(['ml', '--no-database'], { CERBERUS_ML_PORT: String(port) });
    return Number(await ml.untilSaid(/is up: http:\/\/[^:]+:(\d+)/));
  }

  async function replay(url: string, more: Record<string, string>): Promise<void> {
    const process = start(['replay', log], { DATABASE_URL: url, ...more });
    await process.untilSaid(/(\d+) stored/);
    await process.untilEnd();
  }

  function start(args: readonly string[], more: Record<string, string>): EngineProcess {
    const env = {
      CERBERUS_DATA_DIR: folder,
      ...(more['DATABASE_URL'] === undefined ? { DATABASE_URL: database.url } : {}),
      PORT: '0',
      COWRIE_LOG_PATH: join(folder, 'none'),
    };
    const process = startProcess(args, { ...env, ...more });
    running.push(process);
    return process;
  }

  const analyzed = () => count('select count(*) from events where is_analyzed');

  async function count(text: string): Promise<number> {
    return Number((await database.pool.query(text)).rows[0].count);
  }
});

const tables = {
  events: `select id, severity, threat_score, anomaly_score, attack_type, confidence, techniques, why, assessment, is_analyzed
             from events order by id`,
  sessions: `select id, event_count, command_count, severity, threat_score, techniques, successful_login,
                    state - 'threatScore' as state from sessions order by id`,
  attackers: `select ip_address, threat_score, threat_level, total_events, total_sessions, high_severity_count
                from attackers order by ip_address`,
  hours: 'select * from rollup_hours order by hour, sensor, event_type, severity',
  commands: 'select * from rollup_commands order by command_hash',
  techniques: 'select * from rollup_techniques order by technique',
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 40_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('It did not come to that within 40 s.');
    await pause(20);
  }
}
