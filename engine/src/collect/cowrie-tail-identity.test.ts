import { spawnSync } from 'node:child_process';
import {
  appendFile,
  copyFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { aLine, copyTruncate, createTailRig, someLines, textsOf } from './support/tail-rig.ts';

const yesterday = new Date(Date.now() - 86_400_000);

describe('a file that is not what it was', () => {
  it('a new file under the inode of a deleted one is read from its beginning', async ({ skip }) => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    const { ino } = await stat(rig.path);
    rig.start();
    await rig.stored(3);
    await rig.stop();
    for (let attempt = 0; attempt < 100; attempt++) {
      await rm(rig.path);
      await writeFile(rig.path, someLines(50, 60));
      if ((await stat(rig.path)).ino === ino) break;
    }
    skip((await stat(rig.path)).ino !== ino, 'this file system does not give a freed inode away at once');
    rig.start();
    expect(await rig.stored(13)).toEqual(textsOf(someLines(0, 3) + someLines(50, 60)));
  });

  it('the same content under another inode is gone on with where it was left', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    const copy = await readFile(rig.path);
    await writeFile(`${rig.path}.new`, Buffer.concat([copy, Buffer.from(aLine(3))]));
    await rename(`${rig.path}.new`, rig.path);
    expect(await rig.stored(4)).toEqual(textsOf(someLines(0, 4)));
  });

  it('a file that vanishes and comes back is gone on with', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await rename(rig.path, join(rig.folder, 'elsewhere'));
    await rig.idle();
    expect(rig.tail().state().active).toBe(false);
    await copyFile(join(rig.folder, 'elsewhere'), rig.path);
    await appendFile(rig.path, someLines(3, 5));
    expect(await rig.stored(5)).toEqual(textsOf(someLines(0, 5)));
    expect(rig.told.map(([name]) => name)).toEqual(['sourceAppeared', 'sourceVanished', 'sourceAppeared']);
  });

  it('a file that shrinks to nothing and is restored is gone on with', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await truncate(rig.path, 0);
    await rig.idle();
    await writeFile(`${rig.path}.restored`, someLines(0, 5));
    await rename(`${rig.path}.restored`, rig.path);
    expect(await rig.stored(5)).toEqual(textsOf(someLines(0, 5)));
  });

  it('a symbolic link is followed, its target rotated, and the link set to another file', async () => {
    const rig = await createTailRig();
    const real = join(rig.folder, 'real');
    await mkdir(real);
    await writeFile(join(real, 'a.json'), someLines(0, 2));
    await symlink(join(real, 'a.json'), rig.path);
    rig.start();
    await rig.stored(2);
    await rename(join(real, 'a.json'), join(real, 'a.json.1'));
    await writeFile(join(real, 'a.json'), someLines(2, 4));
    await rig.stored(4);
    await writeFile(join(real, 'b.json'), someLines(4, 6));
    await symlink(join(real, 'b.json'), join(rig.folder, 'link'));
    await rename(join(rig.folder, 'link'), rig.path);
    expect(await rig.stored(6)).toEqual(textsOf(someLines(0, 6)));
  });

  it('a bind-mounted file is followed, although its folder sees none of the writes', async ({ skip }) => {
    const rig = await createTailRig();
    const real = join(rig.folder, 'real.json');
    await writeFile(real, someLines(0, 2));
    await writeFile(rig.path, '');
    skip(
      spawnSync('mount', ['--bind', real, rig.path]).status !== 0,
      'only root may mount, and not in every container',
    );
    onTestFinished(() => {
      // Lazily, because the tail still holds the file open here.
      spawnSync('umount', ['--lazy', rig.path]);
    });
    rig.start();
    await rig.stored(2);
    await appendFile(real, someLines(2, 4));
    expect(await rig.stored(4)).toEqual(textsOf(someLines(0, 4)));
    await copyTruncate(real, '.1');
    await appendFile(real, someLines(4, 5));
    expect(await rig.stored(5)).toEqual(textsOf(someLines(0, 5)));
  });

  it('a log that is rotated away before any of its lines was stored is read; what was rotated before the first start is not', async () => {
    const rig = await createTailRig();
    await writeFile(`${rig.path}.2026-11-19`, someLines(90, 95));
    await utimes(`${rig.path}.2026-11-19`, yesterday, yesterday);
    await writeFile(rig.path, someLines(0, 3));
    // The first batch has no lines and says where reading begins; then the engine is killed.
    const killed = rig.another().batches();
    const first = await killed.next();
    expect(first.value).toMatchObject({ lines: [], readBytes: 0 });
    rig.position = first.value?.position;
    await killed.return();
    await rename(rig.path, `${rig.path}.2026-11-20`);
    await writeFile(rig.path, someLines(3, 5));
    rig.start();
    expect(await rig.stored(5)).toEqual(textsOf(someLines(0, 5)));
  });

  it('a stored position of another form is told, and the live file is read', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 2));
    rig.position = { version: 99, offset: 'far' };
    rig.start();
    expect(await rig.stored(2)).toEqual(textsOf(someLines(0, 2)));
    expect(rig.told.map(([name]) => name)).toContain('positionUnusable');
  });

  it('a damaged compressed file gives what stands before the damage, and the next file is read', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await rig.stop();
    const whole = gzipSync(someLines(0, 6));
    await writeFile(`${rig.path}.1.gz`, whole.subarray(0, -4));
    await writeFile(rig.path, someLines(6, 8));
    rig.start();
    expect(await rig.stored(8)).toEqual(textsOf(someLines(0, 8)));
    const explanation = expect.stringMatching(/1\.gz is damaged at byte \d+ of its text \(unexpected end of file\)/);
    expect(rig.told).toContainEqual(['damaged', { path: `${rig.path}.1.gz`, explanation }]);
  });
});
