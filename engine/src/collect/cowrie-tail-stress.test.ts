import { appendFile, copyFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { expect, it } from 'vitest';
import { aLine, createTailRig, someLines, textsOf } from './support/tail-rig.ts';

const LINES = 1500;
/** Lines between two rotations: now and then none at all. */
const lengths = [37, 1, 120, 0, 3, 64];

it.each([
  { description: 'renamed to dates', rotate: renameToDate },
  { description: 'renamed to numbers that all shift', rotate: renameToNumber },
  { description: 'renamed, the numbers shifting and the old ones being compressed', rotate: renameAndCompress },
  { description: 'copied and truncated', rotate: copyAndTruncate },
])('a writer that never rests: each line comes once, in order, while files are $description', async ({ rotate }) => {
  const rig = await createTailRig();
  rig.start({ batchBytesMax: 16_384 });
  await writeAndRotate(rig.path, rotate);
  expect(await rig.stored(LINES)).toEqual(textsOf(someLines(0, LINES)));
  await rig.idle();
  expect(rig.lines).toHaveLength(LINES);
});

it.each([
  { description: 'renamed to numbers', rotate: renameToNumber },
  { description: 'copied and truncated', rotate: copyAndTruncate },
])(
  'the same with a reader that is stopped and started all the time, while files are $description',
  async ({ rotate }) => {
    const rig = await createTailRig();
    await writeFile(rig.path, someLines(0, 1));
    rig.start();
    await rig.stored(1);
    const restarts = new AbortController();
    const restarting = restartUntil(restarts.signal);
    await writeAndRotate(rig.path, rotate, 1);
    restarts.abort();
    await restarting;
    rig.start();
    expect(await rig.stored(LINES)).toEqual(textsOf(someLines(0, LINES)));

    async function restartUntil(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        await rig.stop();
        rig.start({ batchBytesMax: 8192 });
        await rig.idle();
      }
      await rig.stop();
    }
  },
);

type Rotate = (path: string, count: number) => Promise<void>;

async function writeAndRotate(path: string, rotate: Rotate, from = 0): Promise<void> {
  let rotations = 0;
  for (let number = from; number < LINES; ) {
    const until = Math.min(LINES, number + (lengths[rotations % lengths.length] ?? 0));
    for (; number < until; number++) {
      const line = aLine(number);
      // As older Cowries wrote: an event in two pieces.
      const cut = number % 7 === 0 ? 40 : line.length;
      await appendFile(path, line.slice(0, cut));
      if (cut < line.length) await appendFile(path, line.slice(cut));
    }
    await rotate(path, rotations++);
  }
}

async function renameToDate(path: string, count: number): Promise<void> {
  const day = new Date(Date.UTC(2026, 0, 1 + count)).toISOString().slice(0, 10);
  await rename(path, `${path}.${day}`).catch(ignoreMissing);
}

async function renameToNumber(path: string, count: number): Promise<void> {
  await shiftNumbers(path, count);
  await rename(path, `${path}.1`).catch(ignoreMissing);
}

async function renameAndCompress(path: string, count: number): Promise<void> {
  await renameToNumber(path, count);
  const old = await readFile(`${path}.3`).catch(ignoreMissing);
  if (!old) return;
  await writeFile(`${path}.3.gz`, await promisify(gzip)(old));
  await rm(`${path}.3`);
}

async function copyAndTruncate(path: string, count: number): Promise<void> {
  await shiftNumbers(path, count);
  await copyFile(path, `${path}.1`).catch(ignoreMissing);
  await truncate(path, 0).catch(ignoreMissing);
}

async function shiftNumbers(path: string, count: number): Promise<void> {
  for (let number = count; number > 0; number--) {
    for (const end of ['', '.gz']) {
      await rename(`${path}.${number}${end}`, `${path}.${number + 1}${end}`).catch(ignoreMissing);
    }
  }
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
