import { execFile } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ActionRequest } from '@cerberusmesh/contract/action';
import ssh2 from 'ssh2';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ActionsOptions, createActions } from '../src/act/actions.ts';
import { fingerprintOf, type KeyPair, makeKeyPair } from '../src/act/rotate-key/key-pair.ts';
import { editRemoteFile } from '../src/act/rotate-key/remote-file.ts';
import type { KeyRotationParts } from '../src/act/rotate-key/rotation-parts.ts';
import { loginWith } from '../src/act/rotate-key/ssh-host.ts';
import { createTestClock } from '../src/serve/support/test-clock.ts';
import { createActionStore } from '../src/store/actions.ts';
import { createManagedKeyStore } from '../src/store/managed-keys.ts';
import { type CuttingProxy, startCuttingProxy } from './support/cutting-proxy.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { dieAtWrite, isEveryKill } from './support/kill-at-write.ts';
import { type RealSshd, sshLogin, startSshd } from './support/sshd.ts';
import { createTestRotation, testVault } from './support/test-rotation.ts';

const run = promisify(execFile);
// A rotation is six logins, each with its keys' arithmetic on both sides.
vi.setConfig({ testTimeout: 120_000 });

const stop = new AbortController().signal;
const isRoot = process.getuid?.() === 0;
/** Rotations get further in time than the real clock does. */
const clock = createTestClock(new Date());

let database: TestDatabase;
/** Of each connection of a rotation that nobody cuts. */
let wholeBytes: readonly number[];
const closers: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { proxy, name } = await aHost({ cut: () => undefined });
  await someActions().request(aRequest(name), stop);
  wholeBytes = proxy?.clientBytes ?? [];
  await closeAll();
});
afterAll(async () => await database.drop());
afterEach(closeAll);

describe('a rotation on real hosts', () => {
  it('leaves the new key working and the old one refused, with options, comment, order and mode kept', async () => {
    const hosts = await Promise.all([aHost(), aHost(), aHost()]);
    for (const host of hosts) {
      await chmod(host.sshd.authorizedKeys, 0o640);
      const [outcome] = await someActions().request(aRequest(host.name), stop);
      expect(outcome).toMatchObject({ status: 'verified', error: null });
    }
    for (const { sshd, name, old, other } of hosts) {
      const key = await createManagedKeyStore(database.pool).find(name);
      const privateKey = await testVault.open(name, key?.sealedKey ?? '');
      expect(await sshLogin(sshd, privateKey)).toBe(true);
      expect(await sshLogin(sshd, old.privateKey)).toBe(false);
      expect(await sshLogin(sshd, other.privateKey)).toBe(true);
      expect(await sshd.read()).toBe(authorizedKeysOf(key?.publicKey ?? '', other));
      expect((await stat(sshd.authorizedKeys)).mode & 0o777).toBe(0o640);
    }
  });

  it('writes each step down, and no private key anywhere in the clear', async () => {
    const { name } = await aHost();
    await someActions().request(aRequest(name), stop);
    const { rows } = await database.pool.query(
      `select a.steps, a::text as action, k::text as key
         from actions a join managed_keys k on k.name = $1 where a.target = 'key ' || $1`,
      [name],
    );
    expect(rows[0].steps.map((step: { name: string }) => step.name)).toEqual([
      'old key found',
      'new key installed',
      'new key logs in',
      'old key removed',
      'old key fails',
    ]);
    expect(rows[0].action).toContain('enc:v1:');
    expect(rows[0].action + rows[0].key).not.toMatch(/PRIVATE KEY|b3BlbnNzaC1rZXktdjE/);
  });

  it('hands the new key over before the old one goes', async () => {
    const { sshd, name, old } = await aHost();
    const seen: boolean[] = [];
    const handOver: KeyRotationParts['handOver'] = async (_key, privateKey) => {
      seen.push(await sshLogin(sshd, privateKey), await sshLogin(sshd, old.privateKey));
    };
    expect(await someActions({ handOver }).request(aRequest(name), stop)).toMatchObject([{ status: 'verified' }]);
    expect(seen).toEqual([true, true]);
  });

  it('then rests, is refused without a master key, and for keys that nobody made known', async () => {
    const { name } = await aHost();
    await someActions().request(aRequest(name), stop);
    const [again] = await someActions().request(aRequest(name), stop);
    expect(again).toMatchObject({ status: 'refused' });
    expect(again?.error).toContain('rests for 24 hours');
    const closed = await someActions({ vault: null }).request(aRequest(name), stop);
    expect(closed[0]?.error).toContain('There is no master key');
    expect(await someActions().request(aRequest('nobody'), stop)).toMatchObject([{ status: 'refused' }]);
  });

  it('follows from the credentials that a session tried', async () => {
    const { name, old } = await aHost();
    await insertLogin('session-1', 'anybody', `${old.publicKey} a comment`);
    await insertLogin('session-2', 'anybody', makeKeyPair().publicKey);
    // Everybody tries root, which says nothing about a host of ours.
    await insertLogin('session-2', 'root');
    const asked = aRequest();
    expect(await someActions().request(withSession(asked, 'session-2'), stop)).toMatchObject([{ status: 'refused' }]);
    const outcomes = await someActions().request(withSession(aRequest(), 'session-1'), stop);
    expect(outcomes.find(({ target }) => target === `key ${name}`)).toMatchObject({ status: 'verified' });
  });
});

describe('a rotation that fails leaves the old key working and every byte as it was', () => {
  it('where the host shows another host key: it is not even told who we are', async () => {
    const host = await aHost({ hostKey: `SHA256:${'A'.repeat(43)}` });
    await expectPutBack(host, 'shows another host key');
  });

  it('where the host does not take the old key to begin with', async () => {
    const host = await aHost({ settings: ['PubkeyAuthentication no'] });
    const [outcome] = await someActions().request(aRequest(host.name), stop);
    expect(outcome).toMatchObject({ status: 'failed', error: '127.0.0.1 takes neither the old key nor the new one.' });
    expect(await host.sshd.read()).toBe(authorizedKeysOf(host.old.publicKey, host.other));
  });

  it('where the file that was named is another one', async () => {
    await expectPutBack(await aHost({ file: '.ssh/there-is-no-such-file' }), 'cannot be read');
  });

  it('where the new key is refused', async () => {
    const host = await aHost({ settings: ['PubkeyAcceptedAlgorithms rsa-sha2-256,rsa-sha2-512'], rsa: true });
    await expectPutBack(host, 'refuses the new key');
  });

  it('where the old key still works from another file', async () => {
    const host = await aHost({ alsoElsewhere: true });
    await expectPutBack(host, 'still takes the old key');
  });

  it('where the program that takes new keys does not', async () => {
    const host = await aHost();
    await expectPutBack(host, 'the vault is full', { handOver: () => Promise.reject(new Error('the vault is full')) });
  });

  it.skipIf(!isRoot)('where the disk is full (needs root, to mount a small disk)', async () => {
    const host = await aHost({ disk: 'size=16k' });
    await run('sh', ['-c', `head -c 1000000 /dev/zero > "$1/filler" || true`, 'sh', host.sshd.folder]);
    await expectPutBack(host, 'cannot be changed', {}, ['filler']);
  });

  it.skipIf(!isRoot)('where the disk is read-only (needs root, to mount one)', async () => {
    const host = await aHost({ disk: 'size=64k' });
    await run('mount', ['-o', 'remount,ro', host.sshd.folder]);
    await expectPutBack(host, 'cannot be changed');
  });

  // 1 installs, 2 logs in with the new key and removes the old, 3 makes sure that the old fails, 4 and 5 look again.
  it.each([
    ...[0.5, 0.8, 0.9].map((share) => ({ connection: 1, share })),
    ...[0.5, 0.8, 0.9].map((share) => ({ connection: 2, share })),
    { connection: 3, share: 0 },
  ])('where connection $connection is cut after a share of $share of its bytes', async ({ connection, share }) => {
    const bytes = Math.floor((wholeBytes[connection - 1] ?? Number.NaN) * share);
    const host = await aHost({ cut: (number) => (number === connection ? bytes : undefined) });
    await expectPutBack(host, '');
  });

  it('where the host goes away in the middle: it is put back as soon as the host is there again', async () => {
    let isAway = false;
    const host = await aHost({ cut: (number) => (isAway || number === 3 ? 0 : undefined) });
    const before = await host.sshd.read();
    const actions = someActions({
      handOver: async () => {
        isAway = true;
      },
    });
    const [outcome] = await actions.request(aRequest(host.name), stop);
    expect(outcome?.status).toBe('undoing');
    clock.advance(3_600_000);
    expect(await actions.recover(stop)).toMatchObject([{ status: 'undoing' }]);
    isAway = false;
    clock.advance(3_600_000);
    expect(await actions.recover(stop)).toMatchObject([{ status: 'failed' }]);
    expect(await host.sshd.read()).toBe(before);
    expect(await sshLogin(host.sshd, host.old.privateKey)).toBe(true);
  });

  it('where somebody else changes the file at the same time: his change is kept', async () => {
    const { sshd, old } = await aHost();
    const host = await loginWith({ ...sshd, privateKey: old.privateKey, signal: stop });
    if (!host) throw new Error('the old key does not log in');
    const before = await sshd.read();
    let isFirst = true;
    await editRemoteFile(host, sshd.authorizedKeys, async (text) => {
      if (isFirst) await sshd.write(`${before}# his\n`);
      isFirst = false;
      return `# ours\n${text}`;
    });
    host.close();
    expect(await sshd.read()).toBe(`# ours\n${before}# his\n`);
  });
});

describe('a rotation whose process was killed', () => {
  // begun, five steps, applied, verified; the first write is the plan. Hard: the new key is there, the old one goes, is gone.
  it.each(isEveryKill ? [2, 3, 4, 5, 6, 7, 8, 9] : [4, 6, 7])(
    'before its write %i is finished at the next start',
    async (beforeWrite) => {
      const { sshd, name, old, other } = await aHost();
      await dieAtWrite(database, { beforeWrite, request: aRequest(name), setting: { on: 'keys' } });
      // Nobody is locked out at this moment: one of the two keys is there, and it is known which.
      const key = await createManagedKeyStore(database.pool).find(name);
      const { rows } = await database.pool.query(`select plan from actions where target = 'key ' || $1`, [name]);
      const sealed: string[] = [key?.sealedKey, rows[0].plan.new.sealedKey];
      const logins = await Promise.all(sealed.map(async (text) => sshLogin(sshd, await testVault.open(name, text))));
      expect(logins).toContain(true);

      expect(await someActions().recover(stop)).toMatchObject([{ target: `key ${name}`, status: 'verified' }]);
      expect(await sshLogin(sshd, old.privateKey)).toBe(false);
      expect(await sshd.read()).toBe(authorizedKeysOf(rows[0].plan.new.publicKey, other));
    },
  );

  // begun, four steps, then the old key works still: undoing, failed.
  it.each(isEveryKill ? [7, 8] : [8])(
    'while it is put back, before its write %i, is put back at the next start',
    async (beforeWrite) => {
      const { sshd, name, old, other } = await aHost({ alsoElsewhere: true });
      await dieAtWrite(database, { beforeWrite, request: aRequest(name), setting: { on: 'keys' } });
      expect(await someActions().recover(stop)).toMatchObject([{ target: `key ${name}`, status: 'failed' }]);
      expect(await sshd.read()).toBe(authorizedKeysOf(old.publicKey, other));
      expect(await sshLogin(sshd, old.privateKey)).toBe(true);
    },
  );
});

interface AHost {
  readonly sshd: RealSshd;
  readonly name: string;
  readonly old: KeyPair;
  readonly other: KeyPair;
  readonly proxy: CuttingProxy | undefined;
}

/** A host with a key of ours and one of somebody else's, made known. */
async function aHost(
  wanted: {
    readonly settings?: readonly string[];
    readonly hostKey?: string;
    readonly rsa?: boolean;
    readonly alsoElsewhere?: boolean;
    readonly file?: string;
    /** Mounts a small disk where authorized_keys lies. */
    readonly disk?: string;
    readonly cut?: (connection: number) => number | undefined;
  } = {},
): Promise<AHost> {
  const old = wanted.rsa ? anRsaPair() : makeKeyPair();
  const other = wanted.rsa ? anRsaPair() : makeKeyPair();
  const name = `host-${randomBytes(4).toString('hex')}`;
  const text = authorizedKeysOf(old.publicKey, other);
  const sshd = await startSshd(text, { settings: wanted.settings ?? [], alsoElsewhere: wanted.alsoElsewhere === true });
  closers.push(() => sshd.stop());
  if (wanted.disk) {
    await run('mount', ['-t', 'tmpfs', '-o', wanted.disk, 'tmpfs', sshd.folder]);
    closers.push(() => run('umount', [sshd.folder]));
    await sshd.write(text);
  }
  const proxy = wanted.cut === undefined ? undefined : await startCuttingProxy(sshd.port, wanted.cut);
  if (proxy) closers.push(() => proxy.close());
  await createManagedKeyStore(database.pool).put({
    ...{ kind: 'ssh', name, host: sshd.host, port: proxy?.port ?? sshd.port, username: sshd.username, restHours: 24 },
    hostKey: wanted.hostKey ?? sshd.hostKey,
    authorizedKeys: wanted.file ?? sshd.authorizedKeys,
    publicKey: old.publicKey,
    fingerprint: fingerprintOf(old.publicKey),
    sealedKey: await testVault.seal(name, old.privateKey),
  });
  closers.push(() => createManagedKeyStore(database.pool).remove(name));
  return { sshd, name, old, other, proxy };
}

async function closeAll(): Promise<void> {
  for (const close of closers.splice(0).toReversed()) await close();
  // The budget of the hour is not what is tested here.
  await database.pool.query('truncate actions');
}

function authorizedKeysOf(publicKey: string, other: KeyPair): string {
  return [
    '# kept by hand',
    `${other.publicKey} other@example.org`,
    `environment="NOTE=a \\"quoted\\" word",no-port-forwarding ${publicKey} deploy@example.org, since spring`,
    '',
    '',
  ].join('\n');
}

async function expectPutBack(
  { sshd, name, old, other }: AHost,
  why: string,
  parts: Partial<KeyRotationParts> = {},
  alsoThere: readonly string[] = [],
): Promise<void> {
  const before = authorizedKeysOf(old.publicKey, other);
  const keyBefore = await createManagedKeyStore(database.pool).find(name);
  const [outcome] = await someActions(parts).request(aRequest(name), stop);
  expect(outcome?.status).toBe('failed');
  expect(outcome?.error).toContain(why);
  expect(await sshd.read()).toBe(before);
  const { stdout } = await run('ls', [sshd.folder]);
  expect(stdout.trim().split('\n')).toEqual(['authorized_keys', ...alsoThere]);
  expect(await sshLogin(sshd, old.privateKey)).toBe(true);
  expect(await createManagedKeyStore(database.pool).find(name)).toEqual(keyBefore);
}

function anRsaPair(): KeyPair {
  const made = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 });
  return { privateKey: made.private, publicKey: made.public.trim().split(' ').slice(0, 2).join(' ') };
}

function someActions(parts: Partial<KeyRotationParts> = {}, options: Partial<ActionsOptions> = {}) {
  return createActions({
    store: createActionStore(database),
    actions: [createTestRotation(database, parts)],
    clock,
    dryRun: false,
    approve: async () => ({ kind: 'granted', by: null }),
    ended: () => undefined,
    ...options,
  });
}

function aRequest(key?: string): ActionRequest {
  const about = { severity: 'HIGH' as const, sensor: null, sessionId: null, sourceIp: '198.51.100.7' };
  const cause = { causeId: randomUUID(), decisionId: null, requestedBy: 'engine', reason: 'A test.', ...about };
  return { kind: 'rotate_key', parameters: key === undefined ? {} : { key }, lifetimeSeconds: null, cause };
}

function withSession(request: ActionRequest, sessionId: string): ActionRequest {
  return { ...request, cause: { ...request.cause, sensor: 'trap', sessionId } };
}

async function insertLogin(sessionId: string, username: string, key?: string): Promise<void> {
  await database.pool.query(
    `insert into events (id, event_type, timestamp, sensor, session_id, username, severity, is_analyzed, is_probe, raw_event)
     values (gen_random_uuid(), 'cowrie.login.failed', now(), 'trap', $1, $2, 'LOW', true, false, $3)`,
    [sessionId, username, JSON.stringify({ key })],
  );
}
