import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { type EngineProcess, startProcess } from './support/engine-process.ts';

let folder: string;
let database: TestDatabase;
let up: EngineProcess;

beforeAll(async () => {
  [folder, database] = await Promise.all([mkdtemp(join(tmpdir(), 'cerberus-simulate-')), createTestDatabase()]);
  up = startProcess(['up'], {
    CERBERUS_DATA_DIR: folder,
    DATABASE_URL: database.url,
    CERBERUS_DECOY: 'true',
    CERBERUS_DECOY_SSH_PORT: '0',
    CERBERUS_DECOY_TELNET_PORT: '0',
    CERBERUS_DECOY_HTTP_PORT: '0',
    COWRIE_LOG_PATH: join(folder, 'no-cowrie.json'),
    PORT: '0',
  });
  await up.untilSaid(/ssh -p \d+ root@/);
}, 90_000);

afterAll(async () => {
  await up?.kill('SIGTERM');
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
});

it('a simulated attack goes the whole way: seen, assessed, decided, adapted, read, touched, shown', {
  timeout: 90_000,
}, async () => {
  const [, ssh = '', telnet = '', http = ''] =
    /ssh -p (\d+) .*telnet \S+ (\d+), http:\/\/[^:]+:(\d+)/.exec(up.said()) ?? [];
  const ports = ['--ssh-port', ssh, '--telnet-port', telnet, '--http-port', http];
  const attack = startProcess(
    [
      'simulate',
      'key-planter',
      await writeTelnetLog(),
      ...ports,
      '--api',
      await up.untilSaid(/is up:\s+(\S+)/),
      '--json',
    ],
    { CERBERUS_DATA_DIR: folder, CERBERUS_API_TOKEN: await up.untilSaid(/(cm_[\w-]+)/) },
  );
  const code = await attack.untilEnd();
  const report = JSON.parse(attack.said().split('\n')[0] ?? '');
  expect(report.steps.filter(({ ok }: { ok: boolean }) => !ok)).toEqual([]);
  expect(code).toBe(0);
  expect(report).toMatchObject({ sessions: 4, commands: 11 });
  expect(report.steps.map(({ step }: { step: string }) => step)).toEqual([
    'played key-planter',
    'played telnet.json',
    'played web scanner',
    ...['seen', 'assessed', 'decided', 'adapted', 'read', 'touched', 'shown'],
  ]);
});

it('the kill switch does not wait for what stays in the world of its attacker, and says that it stays', {
  timeout: 60_000,
}, async () => {
  const began = performance.now();
  const turnOn = startProcess(['kill-switch', 'on'], { CERBERUS_DATA_DIR: folder, DATABASE_URL: database.url });
  expect(await turnOn.untilEnd()).toBe(0);
  expect(turnOn.said()).toMatch(
    /^The kill switch is on; 0 adaptations and actions stand\.\n[1-9]\d* more stay in the worlds of their attackers/,
  );
  expect(performance.now() - began).toBeLessThan(30_000);
});

it('a target that is neither loopback nor ours is refused in one sentence, with nothing sent', async () => {
  const attack = startProcess(['simulate', '--target', '192.0.2.9'], { CERBERUS_DATA_DIR: folder });
  expect(await attack.untilEnd()).toBe(1);
  expect(attack.said()).toBe(
    'cerberus: This target may not be visited. 192.0.2.9 is neither loopback nor in CERBERUS_SIMULATE_TARGETS; name its network there if it is yours.\n',
  );
});

it('a token that the engine refuses is told in one sentence, before anything is sent', async () => {
  const api = await up.untilSaid(/is up:\s+(\S+)/);
  const env = { CERBERUS_DATA_DIR: folder, CERBERUS_API_TOKEN: `cm_${'x'.repeat(43)}` };
  const attack = startProcess(['simulate', '--api', api], env);
  expect(await attack.untilEnd()).toBe(1);
  expect(attack.said()).toBe(
    `cerberus: The simulated attack did not go the whole way. The engine at ${api} refuses the token in CERBERUS_API_TOKEN (401); make one by \`cerberus token create NAME --role viewer\`.\n`,
  );
});

/** A log of somebody's own. */
async function writeTelnetLog(): Promise<string> {
  const common = { session: 't1', sensor: 'theirs', protocol: 'telnet', timestamp: '2026-11-22T10:00:00.000000Z' };
  const lines = [
    { eventid: 'cowrie.login.success', username: 'root', password: 'vizxv-1' },
    { eventid: 'cowrie.command.input', input: 'cat /proc/mounts' },
    { eventid: 'cowrie.command.input', input: 'cd /tmp; /bin/busybox KESTREL' },
  ];
  const path = join(folder, 'telnet.json');
  await writeFile(path, lines.map((fields) => `${JSON.stringify({ ...common, ...fields })}\n`).join(''));
  return path;
}
