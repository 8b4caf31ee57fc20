import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aLine, createTailRig, someLines } from './support/tail-rig.ts';

describe('a file that may not be read', () => {
  it('is told with path, need and fix, and read once it may be', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 2));
    await chmod(rig.folder, 0o755);
    await chmod(rig.path, 0);
    asOrdinaryUser();
    rig.start();
    await rig.idle();
    expect(rig.tail().state().problem).toContain(`${rig.path} cannot be read by this user`);
    asOurselves();
    await chmod(rig.path, 0o644);
    await rig.stored(2);
    expect(rig.told.map(([name]) => name)).toEqual(['sourceAppeared', 'unreadable', 'readableAgain']);
  });

  it('in a folder that may not be searched is told the same way', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 2));
    await chmod(rig.folder, 0);
    asOrdinaryUser();
    rig.start();
    await rig.idle();
    expect(rig.tail().state()).toMatchObject({ active: false, problem: expect.stringContaining('cannot be read') });
    asOurselves();
    await chmod(rig.folder, 0o755);
    await rig.stored(2);
  });

  it('a folder in its place is told, once', async () => {
    const rig = await createTailRig();
    await mkdir(rig.path);
    rig.start();
    await rig.idle();
    expect(rig.tail().state()).toMatchObject({ active: false, problem: expect.stringContaining('is a folder') });
    await rm(rig.path, { recursive: true });
    await writeFile(rig.path, aLine(0));
    await rig.stored(1);
    expect(rig.told.filter(([name]) => name === 'unreadable')).toHaveLength(1);
    expect(rig.tail().state()).not.toHaveProperty('problem');
  });
});

/** Root may read everything, so as root the test gives that up for a while. */
function asOrdinaryUser(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.('nobody');
  onTestFinished(asOurselves);
}

function asOurselves(): void {
  if (process.getuid?.() === 0) process.seteuid?.(0);
}
