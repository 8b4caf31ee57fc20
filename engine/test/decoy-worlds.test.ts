import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run, ssh, sshOptions } from '../../decoys/test/support/clients.ts';
import { type RunningDecoy, startDecoyProcess } from '../src/act/decoys/decoy-process.ts';
import { composeDecoyWorlds } from '../src/compose/decoy-worlds.ts';
import { readTemplate } from '../src/compose/decoys.ts';
import { projectDir } from '../src/compose/project.ts';
import { systemClock } from '../src/kit/clock.ts';
import { createDecoyWorldStore } from '../src/store/decoy-worlds.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

const sensor = 'decoy';
let database: TestDatabase;
let place: string;
let decoy: RunningDecoy;

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'cerberus-worlds-'));
  database = await createTestDatabase();
  decoy = await start('first');
}, 60_000);
afterAll(async () => {
  await decoy?.stop();
  await database?.drop();
  rmSync(place, { recursive: true, force: true });
});

/** In a folder of its own: what is found again can only come from the database. */
function start(folder: string): Promise<RunningDecoy> {
  mkdirSync(join(place, folder));
  const silent = { info: () => undefined, warn: () => undefined };
  const worlds = composeDecoyWorlds({ database, sensor, clock: systemClock, log: silent, keptDays: 30, allMb: 100 });
  return startDecoyProcess({
    projectDir,
    answerWorld: worlds.answer,
    settings: {
      ...{
        folder: join(place, folder),
        sensor,
        uuid: 'u',
        host: '127.0.0.1',
        sshPort: 0,
        telnetPort: 0,
        httpPort: null,
      },
      ...{ template: readTemplate('ubuntu-web'), seed: 's' },
    },
  });
}

it('what an attacker leaves by ssh, scp and sftp outlasts the decoy, and is found from another address by his key', {
  timeout: 60_000,
}, async () => {
  const port = decoy.ports.ssh ?? 0;
  const local = join(place, 'brought');
  writeFileSync(local, 'brought by scp\n');
  const identity = join(place, 'identity');
  const generated = await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', identity]);
  expect(generated.status).toBe(0);
  chmodSync(identity, 0o600);
  const key = (await run('cat', [`${identity}.pub`])).stdout.trim();
  await ssh(
    port,
    `echo one > /root/by-exec; rm /etc/hostname; ln -s /root/by-exec /tmp/link; mkdir -p ~/.ssh; echo '${key}' >> ~/.ssh/authorized_keys`,
  );
  const copied = await run('scp', [...sshOptions, '-P', String(port), local, 'root@127.0.0.1:/root/by-scp']);
  expect(copied.status).toBe(0);
  await decoy.stop();

  decoy = await start('second');
  const again = await ssh(
    decoy.ports.ssh ?? 0,
    'cat /root/by-exec /root/by-scp /tmp/link; cat /etc/hostname; ls -l /tmp/link',
  );
  expect(again.stdout).toContain('one\nbrought by scp\none\n');
  expect(again.stdout).toContain('/tmp/link -> /root/by-exec');
  expect(again.stderr).toBe('cat: /etc/hostname: No such file or directory\n');

  const elsewhere = await run('ssh', [
    ...['-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null', '-o', 'PasswordAuthentication=no'],
    ...[
      '-o',
      'LogLevel=ERROR',
      '-b',
      '127.0.0.9',
      '-i',
      identity,
      '-p',
      String(decoy.ports.ssh),
      'root@127.0.0.1',
      'cat /root/by-exec',
    ],
  ]);
  expect(elsewhere).toMatchObject({ stdout: 'one\n', status: 0 });
  const stranger = await firstOutput(decoy.ports.ssh ?? 0, '127.0.0.10', 'cat /root/by-exec');
  expect(stranger).toBe('');
});

function firstOutput(port: number, localAddress: string, command: string): Promise<string> {
  const client = new ssh2.Client();
  return new Promise((resolve, reject) => {
    client.once('error', reject);
    client.once('ready', () =>
      client.exec(command, (error, channel) => {
        if (error) return reject(error);
        let shown = '';
        channel.on('data', (bytes: Buffer) => {
          shown += bytes.toString();
        });
        channel.once('close', () => {
          client.end();
          resolve(shown);
        });
      }),
    );
    client.connect({ host: '127.0.0.1', port, localAddress, username: 'root', password: 'hunter2' });
  });
}

const owner = { mode: 0o644, uid: 0, gid: 0, mtimeMs: 1_700_000_000_000 };
const fileOf = (path: string, bytes: number) => ({
  path,
  node: { kind: 'file' as const, ...owner, content: Buffer.alloc(bytes, 1).toString('base64') },
});

it('a world that would be too large is not kept, and nothing of that change is', async () => {
  const store = createDecoyWorldStore(database);
  const names = { address: '192.0.2.1', keys: [] };
  expect(await store.keep(sensor, '192.0.2.1', names, [fileOf('/a', 500)], 2_000)).toBe(true);
  expect(await store.keep(sensor, '192.0.2.1', names, [fileOf('/b', 500), fileOf('/c', 5_000)], 2_000)).toBe(false);
  const found = await store.find(sensor, { ...names, secret: null });
  expect(found?.files).toEqual([fileOf('/a', 500)]);
});

it('who uses a secret that was planted for an attacker is in his world; a password that anybody has leads nowhere', async () => {
  const store = createDecoyWorldStore(database);
  await store.keep(sensor, 'theirs', { address: '192.0.2.7', keys: [] }, [fileOf('/theirs', 1)], 10_000);
  const secret = 'Xy7-planted-for-him';
  await database.pool.query(
    `insert into lures (sensor, trap, kind, path, shown, secret_hash, planted_at, source_ip)
     values ($1, 't', 'password', '/p', 's', sha256($2::bytea), now(), '192.0.2.7'),
            ($1, 't', 'password', '/p', 's', sha256('hunter2'), now(), '192.0.2.7')`,
    [sensor, secret],
  );
  const ask = (word: string) => store.find(sensor, { address: '192.0.2.99', keys: [], secret: word });
  expect((await ask(secret))?.world).toBe('theirs');
  expect(await ask('hunter2')).toBeNull();
  expect(await ask('something else')).toBeNull();
});

it('worlds that nobody enters are forgotten, and the longest unused ones first where there is no room', async () => {
  const store = createDecoyWorldStore(database);
  for (const world of ['old', 'older', 'new'])
    await store.keep('other', world, { address: world, keys: [] }, [fileOf('/a', 1_000)], 10_000);
  await database.pool.query(
    `update decoy_worlds set entered_at = now() - case world when 'older' then interval '40 days' else interval '2 days' end
      where sensor = 'other' and world <> 'new'`,
  );
  await database.pool.query(`delete from decoy_worlds where sensor <> 'other'`);
  const monthAgo = new Date(Date.now() - 30 * 86_400_000);
  expect(await store.expire(monthAgo, 1e9)).toBe(1);
  expect(await store.expire(monthAgo, 1_500)).toBe(1);
  const left = await database.pool.query(`select world from decoy_worlds where sensor = 'other'`);
  expect(left.rows).toEqual([{ world: 'new' }]);
  const files = await database.pool.query(`select distinct world from decoy_world_files where sensor = 'other'`);
  expect(files.rows).toEqual([{ world: 'new' }]);
});
