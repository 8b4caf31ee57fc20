import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionOutcome } from '../src/act/actions.ts';
import { createAdaptationStore } from '../src/store/adaptations.ts';
import { type AdaptationRig, createAdaptationRig } from './support/adaptation-rig.ts';
import { hashFolder, type RealCowrie, startCowrie } from './support/cowrie.ts';
import { createTestDatabase, type TestDatabase } from './support/database.ts';

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

describe('a full disk below a Cowrie', () => {
  it.skipIf(process.getuid?.() !== 0)(
    'is told as one, leaves what stood there, and is only waited for (skipped without root: none can be mounted)',
    async () => {
      const dir = await mkdtemp(join(tmpdir(), 'cerberus-full-'));
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'none', dir]);
      try {
        await cp(join(cowrie.dir, 'etc'), join(dir, 'etc'), { recursive: true });
        const before = await hashFolder(join(dir, 'etc'));
        const runner = rig.aRunner({ dir, port: 1 });
        fill(dir);
        expect(await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal)).toMatchObject([
          { status: 'failed', error: expect.stringMatching(/credentials could not be written: the disk is full/) },
        ]);
        expect(await hashFolder(join(dir, 'etc'))).toBe(before);
        await rm(join(dir, 'filler'));
        const [outcome] = await runner.run(await rig.aJob(['AWS_CREDENTIALS']), signal);
        fill(dir);
        expect(await runner.rollback(idOf(outcome))).toMatchObject({
          kind: 'refused',
          explanation: expect.stringMatching(/tried again from now on: .*the disk is full/),
        });
        await rm(join(dir, 'filler'));
        expect(await runner.rollback(idOf(outcome))).toEqual({ kind: 'rolled_back' });
        expect(await hashFolder(join(dir, 'etc'))).toBe(before);
      } finally {
        execFileSync('umount', [dir]);
        await rm(dir, { recursive: true });
      }
    },
  );
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

function fill(dir: string): void {
  spawnSync('dd', ['if=/dev/zero', `of=${join(dir, 'filler')}`, 'bs=4k']);
}
