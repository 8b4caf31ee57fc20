import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { InsertTrapParameters, insertTrapDeclaration } from '@cerberusmesh/contract/insert-trap';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { personaChange } from '../src/act/cowrie/adaptations/persona-change.ts';
import { configPath } from '../src/act/cowrie/manifest.ts';
import { findContradictions } from '../src/act/cowrie/persona/check.ts';
import { readPersonas } from '../src/act/cowrie/persona/description.ts';
import { announcerOf } from '../src/act/cowrie/plugin/announce.ts';
import { openPreparedCowrie, type PreparedCowrie } from '../src/act/cowrie/prepared-cowrie.ts';
import { createProbe } from '../src/act/cowrie/probe.ts';
import { createRestart } from '../src/act/cowrie/restart.ts';
import { systemClock } from '../src/kit/clock.ts';
import { describeAction } from '../src/serve/routes/actions.ts';
import { anOrder, createAdaptationRig } from './support/adaptation-rig.ts';
import { hashFolder, type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

// Each test has its own deadline: one for all would abort the last ones where the machine is slow.
const signal = new AbortController().signal;
let cowrie: RealCowrie;

beforeAll(async () => {
  cowrie = await startCowrie({ prepare: true, plugin: true });
}, 300_000);

afterAll(() => cowrie.stop());

describe('another persona', () => {
  it('is whole for whoever comes, is not seen by whoever is there, and is taken back byte for byte', async () => {
    const before = await hashFolder(join(cowrie.dir, 'etc'));
    const stays = await cowrie.login();
    const mine = await saidBy(stays);
    for (const { id } of (await opened()).manifest.personas.slice(1)) {
      const prepared = await opened();
      const plan = await personaChange.plan({ persona: id }, prepared);
      expect(await personaChange.run(plan, prepared, signal)).toBeUndefined();
      expect(await findContradictions(cowrie.dir)).toEqual([]);
      const machine = (await readPersonas()).find((persona) => persona.id === id);
      expect(await greeting()).toBe(machine?.ssh.server);

      const looks = (await personaChange.looks?.(plan.new)) ?? [];
      expect(looks.length).toBeGreaterThan(8);
      const sighting = await probe().look({ host: '127.0.0.1', port: cowrie.sshPort, credentials }, looks, signal);
      expect(sighting.sights.filter(({ verified }) => !verified)).toEqual([]);
      expect(sighting.verified).toBe(true);
      expect(await saidBy(stays)).toEqual(mine);
      expect(await personaChange.undo(plan, await opened(), signal)).toBeUndefined();
    }
    expect(await hashFolder(join(cowrie.dir, 'etc'))).toBe(before);
    expect(await greeting()).toBe((await readPersonas())[0]?.ssh.server);
    expect(stays.isOpen()).toBe(true);
    const next = await cowrie.login();
    expect(await saidBy(next)).toEqual(mine);
  }, 60_000);

  it('that Cowrie cannot read changes nothing at all', async () => {
    const prepared = await opened();
    const plan = await personaChange.plan({}, prepared);
    const [config, banner] = plan.new.files;
    if (!config || !banner) throw new Error('a persona is a configuration and a banner');
    const broken = Buffer.from(
      Buffer.from(config.content, 'base64')
        .toString('utf8')
        .replace(/^version = SSH-2.0-.*$/m, 'version = HTTP/1.1'),
    );
    const wanted = { files: [{ ...config, content: broken.toString('base64') }, banner] };
    await expect(personaChange.run({ old: plan.old, new: wanted }, prepared, signal)).rejects.toThrow(/no SSH client/);
    expect(await greeting()).toBe((await readPersonas())[0]?.ssh.server);
    await writeFile(join(cowrie.dir, configPath), Buffer.from(plan.old.files[0]?.content ?? '', 'base64'));
    await writeFile(
      join(cowrie.dir, 'etc/cerberus/honeyfs/etc/issue.net'),
      Buffer.from(plan.old.files[1]?.content ?? '', 'base64'),
    );
  });

  it('is not taken back where somebody changed the configuration since, and that stays as it is', async () => {
    const prepared = await opened();
    const plan = await personaChange.plan({}, prepared);
    await personaChange.run(plan, prepared, signal);
    const path = join(cowrie.dir, configPath);
    const mine = await readFile(path);
    await writeFile(path, `${mine}\n# by hand\n`);
    expect(await personaChange.undo(plan, await opened(), signal)).toMatch(
      /somebody changed it, so nothing was touched/,
    );
    expect(await readFile(path, 'utf8')).toContain('# by hand');
    await writeFile(path, mine);
    expect(await personaChange.undo(plan, await opened(), signal)).toBeUndefined();
  });
});

describe('a machine that a person orders', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('is the one that he named, and takes the banners that were laid on it with it, byte for byte', async () => {
    const before = await hashFolder(join(cowrie.dir, 'etc'));
    const runner = createAdaptationRig(database, cowrie, randomBytes(32)).aRunner();
    const order = async (parameters: object) => {
      const [outcome] = await runner.order(anOrder({ sensor: 'test-sensor', ...parameters }), signal);
      expect(outcome).toMatchObject({ status: 'verified', error: null });
      return outcome?.id ?? '';
    };
    const bannerOf = async () => (await cowrie.login()).banner;
    const machine = await order({ adaptations: ['PERSONA_CHANGE'], persona: 'ubuntu-20-04' });
    expect((await opened()).persona?.id).toBe('ubuntu-20-04');
    const banners = [];
    for (const banner of ['payments', 'backup']) banners.push(await order({ adaptations: ['BANNER_CHANGE'], banner }));
    expect(await bannerOf()).toContain('backup and archive');

    expect(await runner.rollback(machine)).toEqual({ kind: 'rolled_back' });
    const { rows } = await database.pool.query('select distinct status from adaptations where id = any($1)', [banners]);
    expect(rows).toEqual([{ status: 'rolled_back' }]);
    expect(await findContradictions(cowrie.dir)).toEqual([]);
    expect(await hashFolder(join(cowrie.dir, 'etc'))).toBe(before);
  }, 60_000);

  it('stays where the banner on it is held by somebody else, and goes when that is put right', async () => {
    const before = await hashFolder(join(cowrie.dir, 'etc'));
    const runner = createAdaptationRig(database, cowrie, randomBytes(32)).aRunner();
    const both = { sensor: 'test-sensor', adaptations: ['PERSONA_CHANGE', 'BANNER_CHANGE'], persona: 'debian-11' };
    const [machine] = await runner.order(anOrder(both), signal);
    const path = join(cowrie.dir, 'etc/cerberus/honeyfs/etc/issue.net');
    const ours = await readFile(path);
    await writeFile(path, Buffer.alloc(ours.length, 'x'));
    expect(await runner.rollback(machine?.id ?? '')).toMatchObject({
      kind: 'refused',
      explanation: expect.stringMatching(/BANNER_CHANGE .* could not be taken back yet: .*somebody changed it/),
    });
    expect((await opened()).persona?.id).toBe('debian-11');
    await writeFile(path, ours);
    expect(await runner.rollback(machine?.id ?? '')).toEqual({ kind: 'rolled_back' });
    expect(await hashFolder(join(cowrie.dir, 'etc'))).toBe(before);
  }, 60_000);

  it.each([
    { wanted: { adaptations: ['AWS_CREDENTIALS'], persona: 'debian-11' }, why: 'only PERSONA_CHANGE takes a persona' },
    { wanted: { adaptations: ['PERSONA_CHANGE'], banner: 'payments' }, why: 'only BANNER_CHANGE takes a banner' },
  ])('is refused where he chose what is not his to choose: $why', ({ wanted, why }) => {
    const parsed = InsertTrapParameters.safeParse({ sensor: 'test-sensor', ...wanted });
    expect(parsed.error?.issues[0]?.message).toContain(why);
  });

  it('may be each machine that is shipped, as the declaration says', async () => {
    const { parameters } = describeAction(insertTrapDeclaration);
    const { properties } = z
      .object({ properties: z.object({ persona: z.object({ examples: z.array(z.string()) }) }) })
      .parse({ properties: parameters['properties'] });
    expect(properties.persona.examples.toSorted()).toEqual((await readPersonas()).map(({ id }) => id).toSorted());
  });
});

describe('the check of a persona', () => {
  it.each([
    {
      file: configPath,
      from: /^kernel_version = .*$/m,
      to: 'kernel_version = 5.4.0-1-amd64',
      finds: /uname says 5\.4\.0-1-amd64/,
    },
    { file: configPath, from: /^hostname = .*$/m, to: 'hostname = elsewhere', finds: /the prompt says elsewhere/ },
    {
      file: configPath,
      from: /^version = SSH.*$/m,
      to: 'version = SSH-2.0-OpenSSH_9.2p1 Ubuntu-3',
      finds: /not of Debian/,
    },
    {
      file: 'etc/cerberus/txtcmds/usr/bin/lscpu',
      from: /^Model name:.*$/m,
      to: 'Model name: AMD EPYC',
      finds: /lscpu AMD EPYC/,
    },
    { file: 'etc/userdb.txt', from: /^/, to: 'stranger:x:secret\n', finds: /stranger may log in/ },
  ])('finds what somebody changed in $file: $finds', async ({ file, from, to, finds }) => {
    const path = join(cowrie.dir, file);
    const before = await readFile(path, 'utf8').catch(() => '');
    await writeFile(path, before.replace(from, to));
    expect((await findContradictions(cowrie.dir)).join('\n')).toMatch(finds);
    await writeFile(path, before);
    expect(await findContradictions(cowrie.dir)).toEqual([]);
  });
});

describe('a restart, where there is no plugin', () => {
  it('waits for a moment in which nobody is there and every line was read, and cuts nobody', async () => {
    const live = [2, 1, 0, 0];
    const unread = [0, 5, 7, 0];
    const restart = createRestart({
      command: 'true',
      countLive: async () => live.shift() ?? 0,
      unreadBytes: () => unread.shift() ?? 0,
      clock: { ...systemClock, sleep: async () => {} },
    });
    await (await restart(signal))();
    expect([live, unread]).toEqual([[], []]);
  });

  it('that finds no such moment says how many it would have cut, and is not done', async () => {
    const restart = createRestart({
      command: 'false',
      countLive: async () => 3,
      unreadBytes: () => 0,
      clock: systemClock,
    });
    await expect(restart(AbortSignal.abort())).rejects.toThrow(/3 sessions are live/);
    const unknown = createRestart({
      command: 'false',
      countLive: async () => 0,
      unreadBytes: () => null,
      clock: systemClock,
    });
    await expect(unknown(AbortSignal.abort())).rejects.toThrow(/unknown number of bytes/);
  });

  it('that fails says so', async () => {
    const restart = createRestart({
      command: 'exit 3',
      countLive: async () => 0,
      unreadBytes: () => 0,
      clock: systemClock,
    });
    await expect((await restart(signal))()).rejects.toThrow(/COWRIE_RESTART_COMMAND/);
  });

  it('makes another machine of a real Cowrie', async () => {
    const plain = await startCowrie({ prepare: true });
    const outcome = await openPreparedCowrie(plain.dir, async () => () => plain.restart());
    if (outcome.kind === 'refused') throw new Error(outcome.reason);
    const plan = await personaChange.plan({ persona: 'ubuntu-22-04' }, outcome.value);
    expect(await personaChange.run(plan, outcome.value, signal)).toBeUndefined();
    const visitor = await plain.login();
    expect(await visitor.type('uname -r')).toBe('5.15.0-112-generic\n');
    await plain.stop();
  }, 120_000);
});

const credentials = { username: 'root', password: 'a-guess' };

function probe() {
  return createProbe({ key: randomBytes(32), now: () => new Date(), announce: announcerOf(cowrie.dir) });
}

async function opened(): Promise<PreparedCowrie> {
  const outcome = await openPreparedCowrie(cowrie.dir);
  if (outcome.kind === 'refused') throw new Error(outcome.reason);
  return outcome.value;
}

async function saidBy(shell: { type(line: string): Promise<string> }): Promise<string[]> {
  const said: string[] = [];
  for (const line of [
    'hostname',
    'uname -a',
    'ssh -V',
    'lscpu',
    'cat /etc/issue.net',
    'cat /etc/os-release',
    'cat /proc/version',
  ]) {
    said.push(await shell.type(line));
  }
  return said;
}

async function greeting(): Promise<string> {
  const socket = createConnection(cowrie.sshPort, '127.0.0.1');
  const [bytes] = await once(socket, 'data');
  socket.destroy();
  return String(bytes).trim();
}
