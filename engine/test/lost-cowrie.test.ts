import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ActionOutcome } from '../src/act/actions.ts';
import { createAdaptationStore } from '../src/store/adaptations.ts';
import { type AdaptationRig, createAdaptationRig } from './support/adaptation-rig.ts';
import { hashFolder, type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';
import { canMount, mountSmallDisk, type SmallDisk } from './support/small-disk.ts';

const signal = new AbortController().signal;
let database: TestDatabase;
let cowrie: RealCowrie;
let rig: AdaptationRig;

beforeAll(async () => {
  [database, cowrie] = await Promise.all([createTestDatabase(), startCowrie({ prepare: true })]);
  rig = createAdaptationRig(database, cowrie, randomBytes(32));
}, 300_000);

afterAll(async () => {
  await cowrie.stop();
  await database.drop();
});

describe('a Cowrie that is uninstalled while an adaptation stands in it', () => {
  it.each([
    { description: 'with its folder', gone: '' },
    { description: 'by cerberus prepare --undo', gone: 'etc/cerberus' },
  ])('$description, takes it along: nothing waits for it for ever', async ({ gone }) => {
    const dir = await aCopy();
    const runner = rig.aRunner({ dir, port: 1 });
    const [outcome] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    expect(outcome?.status).toBe('applied');
    await rm(join(dir, gone), { recursive: true });
    expect(await runner.rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
    const row = await createAdaptationStore(database).find(idOf(outcome));
    expect(row?.steps).toMatchObject([{ name: 'the honeypot is gone', details: { folder: dir } }]);
    await rm(dir, { recursive: true, force: true });
  });

  it('or whose disk is not mounted, is waited for', async () => {
    const dir = await aCopy();
    const runner = rig.aRunner({ dir, port: 1 });
    const [outcome] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    await rename(join(dir, 'etc'), `${dir}.etc`);
    expect(await runner.rollback(idOf(outcome))).toMatchObject({
      kind: 'refused',
      explanation: expect.stringMatching(/tried again from now on: .*was not prepared/),
    });
    await rename(`${dir}.etc`, join(dir, 'etc'));
    expect(await runner.rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
    await rm(dir, { recursive: true });
  });
});

describe.skipIf(!canMount)('a disk below a Cowrie (skipped without root: none can be mounted)', () => {
  let disk: SmallDisk;
  let runner: ReturnType<AdaptationRig['aRunner']>;
  beforeEach(async () => {
    disk = await mountSmallDisk('64m');
    await cp(join(cowrie.dir, 'etc'), join(disk.folder, 'etc'), { recursive: true });
    runner = rig.aRunner({ dir: disk.folder, port: 1 });
    return () => disk.remove();
  });

  it('that is full is told as one, leaves what stood there, and is only waited for', async () => {
    const before = await hashFolder(join(disk.folder, 'etc'));
    disk.fill();
    expect(await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal)).toMatchObject([
      { status: 'failed', error: expect.stringMatching(/credentials could not be written: the disk is full/) },
    ]);
    expect(await hashFolder(join(disk.folder, 'etc'))).toBe(before);
    await disk.free();
    const [outcome] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
    disk.fill();
    expect(await runner.rollback(idOf(outcome))).toMatchObject({
      kind: 'refused',
      explanation: expect.stringMatching(/tried again from now on: .*the disk is full/),
    });
    await disk.free();
    expect(await runner.rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
    expect(await hashFolder(join(disk.folder, 'etc'))).toBe(before);
  });

  it('that is read-only is told as one, for files and the banner alike, and is waited for where something stands', async () => {
    const before = await hashFolder(join(disk.folder, 'etc'));
    disk.setReadOnly(true);
    const outcomes = await runner.run(await rig.aJob(['SSH_KEYS', 'BANNER_CHANGE']), signal);
    expect(
      outcomes.map(({ status, error }) => [
        status,
        /: the disk is mounted read-only \(EROFS[^)]*\)\.$/.test(error ?? ''),
      ]),
    ).toEqual([
      ['failed', true],
      ['failed', true],
    ]);
    disk.setReadOnly(false);
    const [outcome] = await runner.run(await rig.aJob(['SSH_KEYS']), signal);
    expect(outcome?.status).toBe('applied');
    disk.setReadOnly(true);
    expect(await runner.rollback(idOf(outcome))).toMatchObject({
      kind: 'refused',
      explanation: expect.stringMatching(/tried again from now on: .*mounted read-only/),
    });
    disk.setReadOnly(false);
    expect(await runner.rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
    expect(await hashFolder(join(disk.folder, 'etc'))).toBe(before);
  });
});

function idOf(outcome: ActionOutcome | undefined): string {
  if (!outcome) throw new Error('the runner told of nothing');
  return outcome.id;
}

/** Of what is changed of it, and where no honeypot runs. */
async function aCopy(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'cerberus-copy-'));
  await cp(join(cowrie.dir, 'etc'), join(dir, 'etc'), { recursive: true });
  return dir;
}
