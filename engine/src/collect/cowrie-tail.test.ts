import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aLine, createTailRig, someLines, textsOf } from './support/tail-rig.ts';

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
    const batches = rig.another().batches();
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

it('ends when its signal aborts, also in the middle of a wait', async () => {
  const rig = await createTailRig();
  rig.start({ pollMs: 3_600_000 });
  await rig.idle();
  await rig.stop();
});
