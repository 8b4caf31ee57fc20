import { appendFile, open, rename, stat, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { aLine, copyTruncate, createTailRig, someLines, textsOf } from './support/tail-rig.ts';

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

async function writeAt(path: string, offset: number, text: string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.write(text, offset);
  await handle.close();
}
