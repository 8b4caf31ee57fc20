import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprintAt, isSameContent } from './fingerprint.ts';
import { createIdleCheck } from './idle-check.ts';
import { createLogReader, type LogReader } from './log-reader.ts';
import { openLogAt } from './open-log.ts';
import { findLogFile } from './rotated-files.ts';
import { aLine, recordingTelemetry, someLines, type TailRig, textsOf } from './support/tail-rig.ts';

/** Here the reader looks only when it is told to, so that everything between two looks is as one moment to it. */
let folder: string;
let path: string;
let reader: LogReader;
let told: TailRig['told'];
let nowMs: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-reader-'));
  path = join(folder, 'cowrie.json');
  told = [];
  nowMs = 0;
  reader = aReader();
});
afterEach(async () => {
  await reader.close();
  await rm(folder, { recursive: true });
});

it('a file that was filled, copied and truncated between two looks is read from the copy, before what came later', async () => {
  await writeFile(path, someLines(0, 3));
  await readUntilWait();
  await copyTruncate('.1');
  expect(await readUntilWait()).toEqual([]);
  await appendFile(path, someLines(3, 8));
  await rename(`${path}.1`, `${path}.2`);
  await copyTruncate('.1');
  await appendFile(path, aLine(8));
  expect(await readUntilWait()).toEqual(textsOf(someLines(3, 9)));
});

it('the same where the log had been empty from the start', async () => {
  await writeFile(path, '');
  expect(await readUntilWait()).toEqual([]);
  await appendFile(path, someLines(0, 4));
  await copyTruncate('.1');
  await appendFile(path, aLine(4));
  expect(await readUntilWait()).toEqual(textsOf(someLines(0, 5)));
});

it('three rotations between two looks are read in order', async () => {
  await writeFile(path, someLines(0, 3));
  await readUntilWait();
  await appendFile(path, someLines(3, 5));
  await rename(path, `${path}.3`);
  await writeFile(`${path}.2`, someLines(5, 7));
  await writeFile(`${path}.1`, someLines(7, 9));
  await writeFile(path, someLines(9, 10));
  expect(await readUntilWait()).toEqual(textsOf(someLines(3, 10)));
  expect(told.filter(([name]) => name === 'rotated')).toHaveLength(3);
});

it('half a line that was truncated away and comes back is given once', async () => {
  await writeFile(path, someLines(0, 2) + aLine(2).slice(0, 60));
  await readUntilWait();
  await truncate(path, 0);
  expect(await readUntilWait()).toEqual([]);
  await writeFile(path, someLines(0, 4));
  expect(await readUntilWait()).toEqual(textsOf(someLines(2, 4)));
});

it('half a line in a copy is read there together with its rest', async () => {
  await writeFile(path, someLines(0, 2) + aLine(2).slice(0, 60));
  await readUntilWait();
  await appendFile(path, aLine(2).slice(60));
  await copyTruncate('.1');
  await appendFile(path, aLine(3));
  expect(await readUntilWait()).toEqual(textsOf(someLines(2, 4)));
});

it('a content that is nowhere any more lets everything be read that was written since', async () => {
  await writeFile(path, someLines(0, 3));
  const { position } = await readSteps();
  await reader.close();
  await rm(path);
  await writeFile(`${path}.1`, someLines(3, 5));
  await writeFile(path, someLines(5, 6));
  reader = aReader(position);
  expect(await readUntilWait()).toEqual(textsOf(someLines(3, 6)));
  expect(told).toContainEqual(['positionFileGone', { path, lastFile: path }]);
});

it('a name that leads to another file since it was listed is not taken for either', async () => {
  await writeFile(path, someLines(0, 3));
  const listed = await findLogFile(path);
  const bytes = Buffer.from(someLines(0, 3));
  const content = fingerprintAt(bytes.length, bytes.subarray(0, 1024), bytes.subarray(-256));
  if (!listed || !content) return expect.unreachable();
  await rename(path, `${path}.1`);
  await writeFile(path, bytes);
  expect(await openLogAt(listed, content, 1024)).toBe('moved');
});

it.each([
  { description: 'its head', change: 10 },
  { description: 'the bytes before the place', change: 1990 },
])('a content is another one if it differs in $description', ({ change }) => {
  const bytes = Buffer.from(someLines(0, 20)).subarray(0, 2000);
  const content = fingerprintAt(2000, bytes.subarray(0, 1024), bytes.subarray(-256));
  const other = Buffer.from(bytes);
  other[change] = 0;
  expect(content && isSameContent(content, bytes.subarray(0, 1024), bytes.subarray(-256))).toBe(true);
  expect(content && isSameContent(content, other.subarray(0, 1024), other.subarray(-256))).toBe(false);
});

it.each([
  { description: 'the live file is empty', begin: () => copyTruncate('.1') },
  { description: 'the live file is missing', begin: () => rename(path, `${path}.1`) },
])('a reader that has stopped looking through the folder sees what happens in it: $description', async ({ begin }) => {
  await writeFile(path, someLines(0, 3));
  await readUntilWait();
  await begin();
  for (; nowMs < 20_000; nowMs += 1000) expect(await readUntilWait()).toEqual([]);
  await rename(`${path}.1`, `${path}.2`);
  await writeFile(`${path}.1`, someLines(3, 5));
  expect(await readUntilWait()).toEqual(textsOf(someLines(3, 5)));
  for (; nowMs < 40_000; nowMs += 1000) expect(await readUntilWait()).toEqual([]);
  await appendFile(path, aLine(5));
  expect(await readUntilWait()).toEqual(textsOf(aLine(5)));
});

it('looks through the folder end when nothing changes, and begin again with a change', async () => {
  await writeFile(path, '');
  const check = createIdleCheck(path, { now: () => new Date(nowMs), sleep: () => Promise.resolve() });
  const isNothingNew = async () => check.isNothingNew(await findLogFile(path));
  expect([await isNothingNew(), await isNothingNew()]).toEqual([false, false]);
  nowMs = 5000;
  expect([await isNothingNew(), await isNothingNew()]).toEqual([false, true]);
  await appendFile(path, aLine(0));
  expect(await isNothingNew()).toBe(false);
});

it('unread bytes are those not stored, rotated files included', async () => {
  await writeFile(path, someLines(0, 3));
  await readUntilWait();
  expect(reader.unreadBytes(await findLogFile(path))).toBe(0);
  await appendFile(path, aLine(3));
  expect(reader.unreadBytes(await findLogFile(path))).toBe(aLine(3).length);
  await rename(path, `${path}.2`);
  await writeFile(`${path}.1`, someLines(4, 6));
  await writeFile(path, aLine(6));
  await reader.close();
  reader = aReader({ ...(await positionAfter(3)) });
  await reader.step();
  expect(reader.unreadBytes(await findLogFile(path))).toBe(someLines(3, 7).length);
});

function aReader(position: unknown = {}): LogReader {
  return createLogReader({
    path,
    position,
    clock: { now: () => new Date(nowMs), sleep: () => Promise.resolve() },
    telemetry: recordingTelemetry(told),
    chunkBytes: 64 * 1024,
    lineBytesMax: 1024 * 1024,
  });
}

async function readUntilWait(): Promise<string[]> {
  return (await readSteps()).texts;
}

async function readSteps(): Promise<{ texts: string[]; position: unknown }> {
  const texts: string[] = [];
  let position: unknown;
  for (;;) {
    const step = await reader.step();
    if (step.kind === 'wait') return { texts, position };
    if (step.kind === 'again') continue;
    expect(step.lines.reduce((sum, line) => sum + line.coveredBytes, 0)).toBe(step.readBytes);
    texts.push(...step.lines.map((line) => line.text));
    position = step.position;
    reader.acknowledge();
  }
}

async function positionAfter(lines: number): Promise<object> {
  const bytes = Buffer.from(someLines(0, lines));
  const content = fingerprintAt(bytes.length, bytes.subarray(0, 1024), bytes.subarray(-256));
  return { version: 1, content, modifiedMs: 0, file: path };
}

async function copyTruncate(suffix: string): Promise<void> {
  await copyFile(path, path + suffix);
  await truncate(path, 0);
}
