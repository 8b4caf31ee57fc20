import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { HealthReport } from '@cerberusmesh/contract/api-health';
import { DoctorReport, type Finding } from '@cerberusmesh/contract/doctor';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { doctorCommand } from '../src/commands/doctor.ts';
import { checkDatabaseDisk } from '../src/compose/doctor/disk-space.ts';
import { examine } from '../src/compose/doctor/examine.ts';
import { examineHere } from '../src/compose/doctor/examine-here.ts';
import { checkReputation } from '../src/compose/doctor/reputation.ts';
import { type Config, readConfig } from '../src/config.ts';
import { systemClock } from '../src/kit/clock.ts';
import { type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { startProcess } from './support/engine-process.ts';
import { freePort } from './support/free-port.ts';
import { startMoto } from './support/moto.ts';
import { startRedis } from './support/redis.ts';

let folder: string;
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => await database.drop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-doctor-'));
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

describe('cerberus doctor', () => {
  it('finds a fresh installation sound, with neither Cowrie nor model, and makes nothing', async () => {
    const { sound, findings } = await look({ CERBERUS_DATA_DIR: join(folder, 'new'), DATABASE_URL: '' });
    expect(findings.filter(({ state }) => state === 'fault')).toEqual([]);
    expect(sound).toBe(true);
    await expect(rm(join(folder, 'new'))).rejects.toThrow(/ENOENT/);
  });

  it('finds a log that is missing, a folder in its place, and one of another zone', async () => {
    const path = join(folder, 'cowrie.json');
    expect(await find('cowrie log', { COWRIE_LOG_PATH: path })).toMatchObject({
      state: 'fault',
      fix: expect.stringMatching(/COWRIE_LOG_PATH/),
    });
    await mkdir(path);
    expect(await find('cowrie log', { COWRIE_LOG_PATH: path })).toMatchObject({ state: 'fault' });
    await rm(path, { recursive: true });
    await writeFile(path, '{"eventid":"x","timestamp":"2026-11-22T05:30:00.000000Z"}\n{"cut');
    const written = new Date('2026-11-22T00:00:01Z');
    await utimes(path, written, written);
    const zone = await find('cowrie zone', { COWRIE_LOG_PATH: path });
    expect(zone).toMatchObject({
      state: 'fault',
      says: expect.stringContaining('5.5 h'),
      fix: expect.stringMatching(/TZ=UTC/),
    });
    const onStart = await examineHere(readTestConfig({ COWRIE_LOG_PATH: path }), systemClock);
    expect(onStart.map(({ check }) => check)).toEqual(['cowrie zone']);
    const told = { COWRIE_LOG_PATH: path, CERBERUS_TIMEZONE: 'Asia/Kolkata' };
    expect(await find('cowrie zone', told)).toMatchObject({ state: 'sound' });
  });

  it('finds a policy that cannot be read, and one that names what there is none of', async () => {
    expect(await find('policy', {})).toMatchObject({ state: 'sound' });
    const path = join(folder, 'policy.json');
    const rule = { id: 'r', why: 'Because.', when: { techniquesAny: ['T9999'] }, decision: 'escalate' };
    await writeFile(path, JSON.stringify({ version: '1', rules: [rule] }));
    expect(await find('policy', { CERBERUS_POLICY_FILE: path })).toMatchObject({
      state: 'fault',
      says: expect.stringContaining('rule "r" names the technique T9999'),
    });
    await writeFile(path, '{');
    expect(await find('policy', { CERBERUS_POLICY_FILE: path })).toMatchObject({ state: 'fault' });
  });

  it('finds a database that is away, one that does not let us in, and one that a newer program wrote', async () => {
    expect(
      await find('database', { DATABASE_URL: `postgresql://x:y@127.0.0.1:${await freePort()}/none` }),
    ).toMatchObject({
      state: 'fault',
      fix: expect.stringMatching(/Start PostgreSQL/),
    });
    const stranger = new URL(database.url);
    stranger.password = 'wrong-password';
    const refused = await find('database', { DATABASE_URL: stranger.toString() });
    expect(refused).toMatchObject({ state: 'fault', fix: expect.stringMatching(/password/) });
    expect(JSON.stringify(refused)).not.toContain('wrong-password');
    expect(await find('database', {})).toMatchObject({ state: 'sound' });
    await database.pool.query(`insert into schema_migrations (version, name, checksum) values (9999, 'x', 'x')`);
    const newer = await find('database', {});
    await database.pool.query('delete from schema_migrations where version = 9999');
    expect(newer).toMatchObject({ state: 'fault', says: expect.stringContaining('9999') });
  });

  it('finds a state folder that others can look into, and keys that others can read', async () => {
    await chmod(folder, 0o755);
    expect(await find('state folder', {})).toMatchObject({ state: 'fault', fix: `chmod go-rw ${folder}` });
    await chmod(folder, 0o711);
    await writeFile(join(folder, 'install.key'), 'k', { mode: 0o644 });
    expect(await find('keys', {})).toMatchObject({ state: 'fault', fix: expect.stringMatching(/chmod 600/) });
    expect(await find('state folder', {})).toMatchObject({ state: 'sound' });
  });

  it.skipIf(process.getuid?.() !== 0)(
    'finds a disk that is nearly full (only root may mount a small one)',
    async () => {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=700', 'tmpfs', folder]);
      try {
        expect(await find('disk space', {})).toMatchObject({
          state: 'fault',
          says: expect.stringContaining('0.00 GiB'),
        });
      } finally {
        execFileSync('umount', [folder]);
      }
    },
  );

  it.skipIf(process.getuid?.() !== 0)(
    "finds that Cowrie's log, archives and the database lie on disks that are nearly full (only root may mount small ones)",
    async () => {
      const folders = ['log', 'archive'].map((name) => join(folder, name));
      await Promise.all(folders.map((path) => mkdir(path)));
      for (const path of folders) execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
      try {
        const [log = '', archive = ''] = folders;
        const env = { COWRIE_LOG_PATH: join(log, 'cowrie.json'), CERBERUS_ARCHIVE_DIR: join(archive, 'events') };
        const { findings } = await look(env);
        const disks = findings.filter(({ check }) => check === 'disk space');
        expect(disks).toMatchObject([
          { state: 'sound', fix: null },
          { state: 'fault', says: expect.stringContaining(log), fix: expect.stringMatching(/Cowrie/) },
          {
            state: 'fault',
            says: expect.stringContaining(archive),
            fix: expect.stringMatching(/CERBERUS_ARCHIVE_DIR/),
          },
        ]);
        expect(await checkDatabaseDisk(readTestConfig({}), log)).toMatchObject([
          { state: 'fault', says: expect.stringContaining(log), fix: expect.stringMatching(/CERBERUS_RETENTION_DAYS/) },
        ]);
        expect(await checkDatabaseDisk(readTestConfig({}), join(folder, 'of a container'))).toEqual([]);
      } finally {
        for (const path of folders) execFileSync('umount', [path]);
      }
    },
  );

  it('finds what a policy names and this installation has none of', async () => {
    const path = join(folder, 'policy.json');
    const rules = [{ id: 'r', why: 'Because.', when: { sensorsAny: ['gone-1'] }, decision: 'escalate' }];
    await writeFile(path, JSON.stringify({ version: '1', rules }));
    const { findings } = await look({ CERBERUS_POLICY_FILE: path, DATABASE_URL: database.url });
    expect(findings.filter(({ check, state }) => check === 'policy names' && state === 'fault')).toMatchObject([
      { says: expect.stringContaining('names the sensor "gone-1"') },
      { says: expect.stringContaining('no channel is configured') },
    ]);
  });

  it('finds a model service that is away, a key that is refused, an account that is used up, a spent budget', async () => {
    expect(await find('ml service', { ML_SERVICE_URL: `http://127.0.0.1:${await freePort()}` })).toMatchObject({
      state: 'fault',
    });
    const provider = await startProvider();
    const settings = {
      ...{ CERBERUS_LLM_PROVIDER: 'openai-compatible', CERBERUS_LLM_BASE_URL: `http://127.0.0.1:${provider.port}/v1` },
      ...{ OPENAI_API_KEY: 'sk-doctor', CERBERUS_LLM_REQUESTS_PER_DAY: '0' },
    };
    try {
      expect(await find('language model', settings)).toMatchObject({ state: 'sound' });
      expect(provider.asked).toEqual(['GET /v1/models Bearer sk-doctor']);
      provider.answer(401);
      expect(await find('language model', settings)).toMatchObject({
        state: 'fault',
        fix: expect.stringMatching(/OPENAI_API_KEY/),
      });
      provider.answer(429);
      expect(await find('language model', settings)).toMatchObject({
        state: 'fault',
        fix: expect.stringMatching(/quota/),
      });
      expect(await find('language model budget', settings)).toMatchObject({
        state: 'fault',
        fix: expect.stringMatching(/CERBERUS_LLM_REQUESTS_PER_DAY/),
      });
      const port = String(provider.port);
      provider.answer(200);
      expect(await find('port', { PORT: port })).toMatchObject({ state: 'fault', fix: expect.stringMatching(/PORT/) });
      const open = { PORT: port, CERBERUS_HOST: '0.0.0.0', CERBERUS_ML_HOST: '0.0.0.0' };
      const exposed = (await look(open)).findings.filter(({ check }) => check === 'exposure');
      expect(exposed.map(({ state }) => state)).toEqual(['fault', 'fault']);
    } finally {
      await provider.close();
    }
  });

  it('finds a key that a reputation provider refuses, and a quota that is used up', async () => {
    const provider = await startProvider();
    const config = readTestConfig({ ABUSEIPDB_API_KEY: 'abuse-key' });
    const ask = async () => await checkReputation(config, `http://127.0.0.1:${provider.port}`);
    try {
      provider.answer(401);
      expect(await ask()).toMatchObject([{ state: 'fault', fix: 'Put ABUSEIPDB_API_KEY right.' }]);
      provider.answer(429);
      expect(await ask()).toMatchObject([{ state: 'fault', says: expect.stringContaining('quota') }]);
      expect(provider.asked[0]).toMatch(/^GET \/api\/v2\/check\?ipAddress=127\.0\.0\.1/);
    } finally {
      await provider.close();
    }
    expect(await find('reputation', {})).toMatchObject({ state: 'off' });
  });

  it('finds silent sensors by what they said last', async () => {
    await database.pool.query(
      `insert into sensors (sensor, kind, place, enrolled_at, last_seen) values ('far-1', 'mesh', '', now() - interval '1 day', now() - interval '1 hour')`,
    );
    expect(await find('sensors', {})).toMatchObject({ state: 'fault', says: expect.stringContaining('far-1') });
    await database.pool.query(`delete from sensors where sensor = 'far-1'`);
    expect(await find('sensors', {})).toMatchObject({ state: 'off' });
  });

  it('finds a running engine sound, also where everybody reaches it, because it asks for a token', async () => {
    const settings = { CERBERUS_HOST: '0.0.0.0', PORT: String(await freePort()) };
    const engine = startProcess(['up'], { CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url, ...settings });
    try {
      await engine.untilSaid(/CerberusMesh is up/);
      const health = await fetch(`http://127.0.0.1:${settings.PORT}/health`);
      expect(HealthReport.parse(await health.json()).sources).toMatchObject([
        { kind: 'cowrie log', active: false, waiting: true },
      ]);
      const { findings } = await look(settings);
      const says = Object.fromEntries(findings.map((finding) => [finding.check, finding.says]));
      expect(findings.filter(({ state }) => state === 'fault')).toEqual([]);
      expect(says).toMatchObject({
        port: `The engine answers at ${settings.PORT}.`,
        exposure: expect.stringContaining('asks for a token'),
      });
      const authorization = `Bearer ${/cm_\S+/.exec(engine.said())?.[0]}`;
      const asked = await fetch(`http://127.0.0.1:${settings.PORT}/api/doctor`, { headers: { authorization } });
      expect(DoctorReport.parse(await asked.json()).findings).toContainEqual(
        expect.objectContaining({ check: 'port', says: `The engine answers at ${settings.PORT}.` }),
      );
      const second = startProcess(['up'], { CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url, ...settings });
      expect(await second.untilEnd()).toBe(1);
      expect(second.said()).toContain('An engine answers at');
      expect(second.said()).not.toContain('    at ');
    } finally {
      await engine.kill('SIGTERM');
    }
    // Two engines start in it, which takes six seconds, and fifty on a machine that is busy.
  }, 120_000);

  it('finds a Redis that does not let us in, and the ports of hub and syslog that others have', async () => {
    const redis = await startRedis({ requirepass: 'right' });
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const urlWith = (password: string) => redis.url.replace('//', `//:${password}@`);
    try {
      expect(await find('redis', { REDIS_URL: urlWith('wrong') })).toMatchObject({
        state: 'fault',
        fix: 'Put the password in REDIS_URL right.',
      });
      expect(await find('redis', { REDIS_URL: urlWith('right') })).toMatchObject({ state: 'sound' });
      const { findings } = await look({
        ...{ CERBERUS_HUB_PORT: String(port), CERBERUS_SYSLOG_LISTEN: `127.0.0.1:${port}` },
        PORT: String(await freePort()),
      });
      const faults = findings.filter(({ state }) => state === 'fault');
      expect(faults.map(({ fix }) => fix)).toEqual([
        'Stop what listens there, or put CERBERUS_HUB_PORT right.',
        'Stop what listens there, or put CERBERUS_SYSLOG_LISTEN right.',
      ]);
    } finally {
      taken.close();
      await redis.stop();
    }
  });

  it.each([
    ['redis', { REDIS_URL: 'redis://127.0.0.1:1/0' }, 'Redis does not answer'],
    ['redis log', { CERBERUS_REDIS_LOG_URL: 'redis://127.0.0.1:1/0' }, 'Redis does not answer'],
    [
      'cloudwatch',
      {
        ...{ CERBERUS_CLOUDWATCH_GROUPS: 'a', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
        ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      },
      'The log group a cannot be read',
    ],
    [
      's3',
      {
        ...{ CERBERUS_S3_DROPS: 's3://drop/a', AWS_ENDPOINT_URL: 'http://127.0.0.1:1' },
        ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      },
      's3://drop/a cannot be listed',
    ],
  ])('calls a %s that is followed and does not answer a fault', async (check, env, says) => {
    expect(await find(check, env)).toMatchObject({ state: 'fault', says: expect.stringContaining(says) });
  });

  // moto is a large Python program: its start takes a second, and sixteen on a machine that is busy.
  it('finds an image that AWS does not have, and tells who we are there', async () => {
    const moto = await startMoto();
    try {
      const finding = await find('aws', {
        ...{ CERBERUS_LAUNCH_DRIVER: 'ec2', CERBERUS_LAUNCH_AMI: 'ami-00000000000000001', AWS_ENDPOINT_URL: moto.url },
        CERBERUS_PUBLIC_URL: 'https://cerberus.example.org',
        ...{ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
      });
      expect(finding).toMatchObject({ state: 'fault', says: expect.stringContaining('ami-00000000000000001') });
      const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_ENDPOINT_URL: moto.url };
      expect(await find('aws identity', keys)).toMatchObject({
        state: 'sound',
        says: expect.stringMatching(/arn:aws:\S+ of account 123456789012/),
      });
      const away = { ...keys, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
      expect(await find('aws identity', away)).toMatchObject({
        state: 'fault',
        fix: expect.stringContaining('AWS_ACCESS_KEY_ID'),
      });
    } finally {
      await moto.stop();
    }
  }, 60_000);

  it('tells every fault of a configuration that cannot be read', async () => {
    const path = join(folder, 'config.ini');
    await writeFile(path, '[http]\nprot = 1\nport = none\n');
    const stdout = new PassThrough();
    const io = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
    const run = doctorCommand(io).exitOverride().parseAsync(['--json', '--config', path], { from: 'user' });
    await expect(run).rejects.toMatchObject({ code: 'UNSOUND' });
    stdout.end();
    const { findings } = DoctorReport.parse(JSON.parse(await text(stdout)));
    expect(findings.map(({ says }) => says).join()).toMatch(/prot.*port/s);
  });
});

describe('cerberus doctor beside a real Cowrie', () => {
  let cowrie: RealCowrie;
  beforeAll(async () => {
    cowrie = await startCowrie({ prepare: true, plugin: true });
    (await cowrie.login()).close();
  });
  afterAll(async () => await cowrie.stop());

  it('finds it sound while it runs with our plugin, and says how to start it once it does not', async () => {
    const settings = { CERBERUS_COWRIE_DIR: cowrie.dir, CERBERUS_COWRIE_PORT: String(cowrie.sshPort) };
    const states = async () => {
      const { findings } = await look(settings);
      return Object.fromEntries(findings.map(({ check, state }) => [check, state]));
    };
    const running = { 'cowrie log': 'sound', 'cowrie zone': 'sound', 'cowrie prepared': 'sound' };
    expect(await states()).toMatchObject({ ...running, cowrie: 'sound', 'cowrie plugin': 'sound' });
    await cowrie.end();
    expect(await states()).toMatchObject({ ...running, cowrie: 'fault', 'cowrie plugin': 'fault' });
    expect(await find('cowrie', settings)).toMatchObject({
      fix: expect.stringMatching(/TZ=UTC PYTHONPATH=.* cowrie start/),
    });
    await rm(join(cowrie.dir, 'etc/cerberus'), { recursive: true });
    expect(await find('cowrie prepared', settings)).toMatchObject({
      state: 'fault',
      fix: expect.stringMatching(/cerberus prepare/),
    });
  });
});

/** A provider's list of models: whoever asks is told this status. */
async function startProvider() {
  let status = 200;
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`.trim());
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"object":"list","data":[]}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  // `as`: a server that listens on a port has an address and no path.
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, asked },
    answer(next: number) {
      status = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function look(env: Readonly<Record<string, string>>): Promise<DoctorReport> {
  return await examine(readTestConfig(env), systemClock);
}

function readTestConfig(env: Readonly<Record<string, string>>): Config {
  const sources = { flags: {}, cwd: folder, home: folder, projectDir: null };
  const readFile = (): never => {
    throw Object.assign(new Error('there is none'), { code: 'ENOENT' });
  };
  const usual = { CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url, PORT: '0' };
  return readConfig({ ...sources, readFile, env: { ...usual, ...env } });
}

async function find(check: string, env: Readonly<Record<string, string>>): Promise<Finding | undefined> {
  return (await look(env)).findings.find((finding) => finding.check === check);
}
