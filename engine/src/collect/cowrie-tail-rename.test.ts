import { appendFile, rename, rm, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aLine, createTailRig, someLines, textsOf } from './support/tail-rig.ts';

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
