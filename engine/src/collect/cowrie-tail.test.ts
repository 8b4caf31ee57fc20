import { spawnSync } from 'node:child_process';
import {
  appendFile,
  chmod,
  copyFile,
  mkdir,
  open,
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
import { createCowrieTail } from './cowrie-tail.ts';
import { aLine, createTailRig, someLines, type TailRig, textsOf } from './support/tail-rig.ts';

describe('a live log', () => {
  it('is read from its beginning, and on as it grows', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await appendFile(rig.path, someLines(3, 5));
    expect(await rig.stored(5)).toEqual(textsOf(someLines(0, 5)));
  });

  it('is waited for where neither it nor its folder exists yet', async () => {
    const rig = await createTailRig();
    const folder = join(rig.folder, 'var', 'log');
    rig.start({ path: join(folder, 'cowrie.json') });
    await rig.idle();
    expect(rig.tail().state()).toMatchObject({ active: false, unreadBytes: 0 });
    await mkdir(folder, { recursive: true });
    await rig.idle();
    await writeFile(join(folder, 'cowrie.json'), someLines(0, 2));
    expect(await rig.stored(2)).toEqual(textsOf(someLines(0, 2)));
    expect(rig.tail().state()).toMatchObject({ active: true, unreadBytes: 0 });
    expect(rig.told.map(([name]) => name)).toEqual(['sourceAppeared']);
  });

  it('keeps a half line at its end until the rest has come', async () => {
    const rig = await createTailRig();
    const line = aLine(1);
    await writeFile(rig.path, aLine(0) + line.slice(0, 50));
    rig.start();
    await rig.stored(1);
    await rig.idle();
    expect(rig.lines).toHaveLength(1);
    expect(rig.tail().state().unreadBytes).toBe(50);
    await appendFile(rig.path, line.slice(50));
    expect(await rig.stored(2)).toEqual(textsOf(someLines(0, 2)));
  });

  it('is not read again after a restart, and what was not stored is', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await rig.stop();
    await appendFile(rig.path, someLines(3, 6));
    const abort = new AbortController();
    const unlucky = createCowrieTail({ ...bare(rig), signal: abort.signal });
    const batches = unlucky.batches();
    const { value } = await batches.next();
    expect(value?.lines).toHaveLength(3);
    await batches.return();
    rig.start();
    expect(await rig.stored(6)).toEqual(textsOf(someLines(0, 6)));
  });

  it('gives a line of 13 MB as one line', async () => {
    const rig = await createTailRig();
    const long = aLine(1, { input: '\u0001'.repeat(1_040_000), note: 'x'.repeat(7_000_000) });
    expect(long.length).toBeGreaterThan(13_000_000);
    await writeFile(rig.path, aLine(0) + long + aLine(2));
    rig.start();
    expect(await rig.stored(3)).toEqual(textsOf(aLine(0) + long + aLine(2)));
  });

  it('parks a line over the bound with its head and reads its neighbours', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, aLine(0) + aLine(1, { input: 'x'.repeat(3_000_000) }) + aLine(2));
    rig.start({ lineBytesMax: 1_000_000 });
    await rig.stored(3);
    expect(rig.lines.map((line) => line.unreadable?.reason)).toEqual([undefined, 'line_too_long', undefined]);
    expect(rig.lines[1]?.bytes).toHaveLength(65_536);
    expect(rig.tail().state().unreadBytes).toBe(0);
  });

  it('gives a hole of 540 KB as one unreadable line and the JSON behind it as a line', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, Buffer.concat([Buffer.from(aLine(0)), Buffer.alloc(540_000), Buffer.from(aLine(1))]));
    rig.start({ batchBytesMax: 100_000 });
    await rig.stored(3);
    expect(rig.lines.map((line) => [line.text, line.unreadable?.reason])).toEqual([
      [aLine(0).trim(), undefined],
      ['', 'nul_run'],
      [aLine(1).trim(), undefined],
    ]);
  });

  it('gives invalid UTF-8 with its bytes, and strips the CR of CRLF', async () => {
    const rig = await createTailRig();
    await writeFile(
      rig.path,
      Buffer.concat([Buffer.from('{"a":"é"}\r\n{"b":"'), Buffer.from([0xff]), Buffer.from('"}\r\n')]),
    );
    rig.start();
    expect(await rig.stored(2)).toEqual(['{"a":"é"}', '{"b":"\u{fffd}"}']);
    expect(rig.lines[1]?.bytes?.at(6)).toBe(0xff);
  });
});

describe('rotation by rename, as Cowrie does at midnight', () => {
  it('is followed while running, and no line is missed or doubled', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await appendFile(rig.path, someLines(3, 5));
    await rename(rig.path, `${rig.path}.2026-11-21`);
    await writeFile(rig.path, someLines(5, 8));
    expect(await rig.stored(8)).toEqual(textsOf(someLines(0, 8)));
    expect(rig.told).toContainEqual(['rotated', { from: rig.path, to: rig.path }]);
  });

  it('lines that reach the old file before the new one has any are read', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 2));
    rig.start();
    await rig.stored(2);
    await rename(rig.path, `${rig.path}.1`);
    await writeFile(rig.path, '');
    await rig.idle();
    await appendFile(`${rig.path}.1`, someLines(2, 4));
    await rig.stored(4);
    await appendFile(rig.path, someLines(4, 5));
    expect(await rig.stored(5)).toEqual(textsOf(someLines(0, 5)));
  });

  it.each([
    { description: 'dated files', names: ['.2026-11-19', '.2026-11-20', '.2026-11-21'] },
    { description: 'numbered files', names: ['.3', '.2', '.1'] },
    { description: 'compressed files', names: ['.3.gz', '.2.gz', '.1'] },
  ])('several of them while we were down are read in order: $description', async ({ names }) => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 4));
    rig.start();
    await rig.stored(4);
    await rig.stop();
    await appendFile(rig.path, someLines(4, 6));
    await rm(rig.path);
    for (const [index, log] of [someLines(0, 6), someLines(6, 9), someLines(9, 12)].entries()) {
      const name = rig.path + names[index];
      await writeFile(name, name.endsWith('.gz') ? gzipSync(log) : log);
    }
    await writeFile(rig.path, someLines(12, 14));
    rig.start();
    expect(await rig.stored(14)).toEqual(textsOf(someLines(0, 14)));
    await rig.idle();
    expect(rig.lines).toHaveLength(14);
  });

  it('a restart in the middle of the rotated files goes on there', async () => {
    const rig = await createTailRig();
    await writeFile(`${rig.path}.2026-11-20`, someLines(0, 4));
    await writeFile(rig.path, '');
    const first = someLines(0, 2);
    await writeFile(rig.path, first);
    rig.start();
    await rig.stored(2);
    await rig.stop();
    await writeFile(`${rig.path}.2026-11-20`, first + someLines(2, 4));
    await writeFile(`${rig.path}.2026-11-21`, someLines(4, 3000));
    await writeFile(rig.path, someLines(3000, 3001));
    for (let have = 2; have < 3001; have = rig.lines.length) {
      rig.start({ batchBytesMax: 65_536 });
      await rig.stored(have + 1);
      await rig.stop();
    }
    expect(rig.lines.map((line) => line.text)).toEqual(textsOf(someLines(0, 3001)));
  });

  it('files that were rotated away before the first start are left to replay', async () => {
    const rig = await createTailRig();
    await writeFile(`${rig.path}.2026-11-20`, someLines(0, 4));
    await writeFile(rig.path, someLines(4, 6));
    rig.start();
    expect(await rig.stored(2)).toEqual(textsOf(someLines(4, 6)));
    await rig.idle();
    expect(rig.lines).toHaveLength(2);
  });

  it('a line cut over two files is joined, and its neighbours are given once', async () => {
    const rig = await createTailRig();
    const cut = aLine(2);
    await writeFile(rig.path, someLines(0, 2) + cut.slice(0, 100));
    rig.start();
    await rig.stored(2);
    await rename(rig.path, `${rig.path}.2026-11-21`);
    await writeFile(rig.path, cut.slice(100) + aLine(3));
    expect(await rig.stored(4)).toEqual(textsOf(someLines(0, 4)));
    expect(rig.lines.every((line) => line.unreadable === undefined)).toBe(true);
  });

  it('a line cut over two files while we were down is joined too', async () => {
    const rig = await createTailRig();
    const cut = aLine(2);
    await writeFile(rig.path, someLines(0, 2) + cut.slice(0, 100));
    rig.start();
    await rig.stored(2);
    await rig.stop();
    await rename(rig.path, `${rig.path}.2026-11-21`);
    await writeFile(rig.path, cut.slice(100) + aLine(3));
    rig.start();
    expect(await rig.stored(4)).toEqual(textsOf(someLines(0, 4)));
  });

  it("a line whose newline alone went to the next file is given, and the half at that file's end is joined", async () => {
    const rig = await createTailRig();
    rig.start();
    await writeFile(rig.path, someLines(0, 2).trimEnd());
    await rig.stored(1);
    await rename(rig.path, `${rig.path}.2026-11-20`);
    const cut = aLine(2);
    await writeFile(rig.path, `\n${cut.slice(0, 100)}`);
    await rig.stored(2);
    await rename(rig.path, `${rig.path}.2026-11-21`);
    await writeFile(rig.path, cut.slice(100) + aLine(3));
    expect(await rig.stored(4)).toEqual(textsOf(someLines(0, 4)));
  });

  it('an empty file among rotated ones that are being compressed brings nothing back', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 2));
    rig.start();
    await rig.stored(2);
    await rename(rig.path, `${rig.path}.2`);
    await writeFile(rig.path, '');
    await rig.idle();
    await rename(rig.path, `${rig.path}.1`);
    await rig.idle();
    await writeFile(`${rig.path}.2.gz`, gzipSync(someLines(0, 2)));
    await writeFile(`${rig.path}.1.gz`, gzipSync(''));
    await rm(`${rig.path}.2`);
    await rm(`${rig.path}.1`);
    await writeFile(rig.path, aLine(2));
    expect(await rig.stored(3)).toEqual(textsOf(someLines(0, 3)));
  });

  it('a half whose rest never came is parked as cut when the new file begins with a whole line', async () => {
    const rig = await createTailRig();
    const half = aLine(1).slice(0, 100);
    await writeFile(rig.path, aLine(0) + half);
    rig.start();
    await rig.stored(1);
    await rename(rig.path, `${rig.path}.2026-11-21`);
    await writeFile(rig.path, aLine(2));
    expect(await rig.stored(3)).toEqual([aLine(0).trim(), half, aLine(2).trim()]);
    expect(rig.lines.map((line) => line.unreadable?.reason)).toEqual([undefined, 'cut_line', undefined]);
  });
});

describe('truncation in place', () => {
  it('copytruncate: the rest that we had not read is found in the copy', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await rig.stop();
    await appendFile(rig.path, someLines(3, 6));
    await copyTruncate(rig.path, '.1');
    await appendFile(rig.path, someLines(6, 7));
    rig.start();
    expect(await rig.stored(7)).toEqual(textsOf(someLines(0, 7)));
  });

  it('copytruncate while running, then the same again: each line once', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await copyTruncate(rig.path, '.1');
    await appendFile(rig.path, someLines(3, 5));
    await rig.stored(5);
    await rename(`${rig.path}.1`, `${rig.path}.2`);
    await copyTruncate(rig.path, '.1');
    await rig.idle();
    await appendFile(rig.path, someLines(5, 9));
    expect(await rig.stored(9)).toEqual(textsOf(someLines(0, 9)));
    expect(rig.told).toContainEqual(['truncated', { path: rig.path, restFoundIn: `${rig.path}.1` }]);
  });

  it('copytruncate with a compressed copy: the rest is found in it, and so are whole copies after it', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await rig.stop();
    await writeFile(`${rig.path}.2.gz`, gzipSync(someLines(0, 6)));
    await writeFile(`${rig.path}.1.gz`, gzipSync(someLines(6, 9)));
    await writeFile(rig.path, someLines(9, 10));
    rig.start();
    expect(await rig.stored(10)).toEqual(textsOf(someLines(0, 10)));
  });

  it('a whole life of the file that passed while it looked empty is read from the copy', async () => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 3));
    rig.start();
    await rig.stored(3);
    await copyTruncate(rig.path, '.1');
    await rig.idle();
    await rename(`${rig.path}.1`, `${rig.path}.2`);
    await writeFile(`${rig.path}.1`, someLines(3, 8));
    await writeFile(rig.path, someLines(8, 9));
    expect(await rig.stored(9)).toEqual(textsOf(someLines(0, 9)));
  });

  it('a writer that keeps its offset leaves a hole, which is parked, twice over', async () => {
    const rig = await createTailRig();
    const first = someLines(0, 30);
    await writeFile(rig.path, first);
    rig.start();
    await rig.stored(30);
    await copyTruncate(rig.path, '.1');
    await writeAt(rig.path, first.length, someLines(30, 32));
    await rig.stored(33);
    await rename(`${rig.path}.1`, `${rig.path}.2`);
    const size = (await stat(rig.path)).size;
    await copyTruncate(rig.path, '.1');
    await writeAt(rig.path, size, aLine(32));
    await rig.stored(35);
    const texts = rig.lines.filter((line) => !line.unreadable).map((line) => line.text);
    expect(texts).toEqual(textsOf(someLines(0, 33)));
    expect(rig.lines.flatMap((line) => (line.unreadable ? [line.coveredBytes] : []))).toEqual([first.length, size]);
  });

  it.each([
    { description: 'smaller', lines: 2 },
    { description: 'of the same size', lines: 5 },
    { description: 'larger', lines: 9 },
  ])('an older Cowrie truncates at its restart: the new content is read, $description by then', async ({ lines }) => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 5));
    rig.start();
    await rig.stored(5);
    await rig.stop();
    await writeFile(rig.path, someLines(100, 100 + lines));
    rig.start();
    expect(await rig.stored(5 + lines)).toEqual(textsOf(someLines(0, 5) + someLines(100, 100 + lines)));
    expect(rig.told).toContainEqual(['positionFileGone', { path: rig.path, lastFile: rig.path }]);
  });

  it('the same while we run, half a line lying at the end: it is parked as cut', async () => {
    const rig = await createTailRig();
    const half = aLine(5).slice(0, 77);
    await writeFile(rig.path, someLines(0, 5) + half);
    rig.start();
    await rig.stored(5);
    await rig.idle();
    await writeFile(rig.path, someLines(100, 109));
    expect(await rig.stored(15)).toEqual([...textsOf(someLines(0, 5)), half, ...textsOf(someLines(100, 109))]);
    expect(rig.lines[5]?.unreadable?.reason).toBe('cut_line');
  });
});

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
    const killed = createCowrieTail({ ...bare(rig), signal: new AbortController().signal }).batches();
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

const yesterday = new Date(Date.now() - 86_400_000);

it('ends when its signal aborts, also in the middle of a wait', async () => {
  const rig = await createTailRig();
  rig.start({ pollMs: 3_600_000 });
  await rig.idle();
  await rig.stop();
});

function bare(rig: TailRig) {
  const silent = () => {};
  return {
    sourceId: 'test',
    path: rig.path,
    position: rig.position,
    clock: { now: () => new Date(0), sleep: () => Promise.resolve() },
    telemetry: {
      sourceAppeared: silent,
      sourceVanished: silent,
      rotated: silent,
      truncated: silent,
      positionUnusable: silent,
      positionFileGone: silent,
      unreadable: silent,
      readableAgain: silent,
      damaged: silent,
    },
  };
}

/** Root may read everything, so as root the test gives that up for a while. */
function asOrdinaryUser(): void {
  if (process.geteuid?.() !== 0) return;
  process.seteuid?.('nobody');
  onTestFinished(asOurselves);
}

function asOurselves(): void {
  if (process.getuid?.() === 0) process.seteuid?.(0);
}

async function copyTruncate(path: string, suffix: string): Promise<void> {
  await copyFile(path, path + suffix);
  await truncate(path, 0);
}

async function writeAt(path: string, offset: number, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.write(text, offset);
  await handle.close();
}
