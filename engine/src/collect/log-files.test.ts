import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expandLogFiles } from './log-file-names.ts';
import { createLogFileReader, type LogFileReaderOptions } from './log-files.ts';
import { aLine, someLines, textsOf } from './support/tail-rig.ts';

const hasBzip2 = spawnSync('bzip2', ['--help']).status === 0;
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cerberus-replay-'));
  path = join(folder, 'cowrie.json.2026-11-20');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const compressions = [
  { compression: 'plain', compress: (log: string) => Buffer.from(log) },
  { compression: 'gzip', compress: (log: string) => gzipSync(log) },
  {
    compression: 'gzip of several members',
    compress: (log: string) => Buffer.concat([gzipSync(log.slice(0, 1000)), gzipSync(log.slice(1000))]),
  },
  ...(hasBzip2
    ? [{ compression: 'bzip2', compress: (log: string) => spawnSync('bzip2', ['-1'], { input: log }).stdout }]
    : []),
];

describe.each(compressions)('a file, $compression', ({ compress }) => {
  it('gives every line once, in batches whose bytes add up', async () => {
    const log = someLines(0, 3000);
    await writeFile(path, compress(log));
    const { lines, batches } = await readAll({ batchBytesMax: 100_000 });
    expect(lines.map((line) => line.text)).toEqual(textsOf(log));
    expect(batches).toBeGreaterThan(4);
  });

  it('goes on after every batch where it was interrupted', async () => {
    const log = someLines(0, 3000);
    await writeFile(path, compress(log));
    const lines: RawLine[] = [];
    let position: unknown = {};
    for (let rounds = 0; lines.length < 3000 && rounds < 100; rounds++) {
      const next = await readAll({ position, batchBytesMax: 100_000 }, 1);
      lines.push(...next.lines);
      position = next.position;
    }
    expect(lines.map((line) => line.text)).toEqual(textsOf(log));
    expect((await readAll({ position })).lines).toEqual([]);
  });
});

it('the last line needs no newline', async () => {
  await writeFile(path, someLines(0, 2).trimEnd());
  expect((await readAll()).lines.map((line) => line.text)).toEqual(textsOf(someLines(0, 2)));
});

it('blank lines at the end are covered by the last line, and alone they are a line without text', async () => {
  await writeFile(path, `${aLine(0)}\n\n`);
  expect((await readAll()).lines).toEqual([{ text: aLine(0).trim(), coveredBytes: aLine(0).length + 2 }]);
  await writeFile(path, '\r\n\n');
  expect((await readAll()).lines).toEqual([{ text: '', coveredBytes: 3 }]);
});

it('an empty file gives nothing', async () => {
  await writeFile(path, '');
  expect(await readAll()).toMatchObject({ lines: [], batches: 0 });
});

it('a live log that has grown since gives what is new', async () => {
  await writeFile(path, someLines(0, 5));
  const { position } = await readAll();
  await appendFile(path, someLines(5, 7));
  expect((await readAll({ position })).lines.map((line) => line.text)).toEqual(textsOf(someLines(5, 7)));
});

it('a position holds for the same log compressed since, and for no other log', async () => {
  await writeFile(path, someLines(0, 500));
  const { position } = await readAll({ batchBytesMax: 50_000 }, 1);
  await writeFile(path, gzipSync(someLines(0, 500)));
  const rest = (await readAll({ position })).lines;
  expect(rest.length).toBeLessThan(400);
  expect(rest.at(-1)?.text).toBe(aLine(499).trim());
  await writeFile(path, someLines(1000, 1600));
  expect((await readAll({ position })).lines).toHaveLength(600);
});

it('a damaged file gives every whole line before the damage, then one clear error', async () => {
  const log = someLines(0, 5000);
  await writeFile(path, gzipSync(log).subarray(0, -100));
  const lines: RawLine[] = [];
  await expect(readAll({ batchBytesMax: 50_000, onLines: (more) => lines.push(...more) })).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    detail: expect.stringMatching(/2026-11-20 is damaged at byte \d+ of its text .* unexpected end of file/),
  });
  expect(lines.length).toBeGreaterThan(4800);
  expect(lines.map((line) => line.text)).toEqual(textsOf(log).slice(0, lines.length));
});

it.each([
  { description: 'a missing file', make: async () => {}, need: 'does not exist' },
  { description: 'a folder', make: (at: string) => mkdir(at), need: 'is a folder' },
])('$description is said with its path', async ({ make, need }) => {
  await make(path);
  const detail = expect.stringMatching(`${path} ${need}`);
  await expect(readAll()).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', detail });
  await expect(expandLogFiles([path])).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', detail });
});

it('progress counts bytes of the file and ends at its size', async () => {
  const bytes = gzipSync(someLines(0, 30_000));
  await writeFile(path, bytes);
  const told: number[] = [];
  await readAll({ onProgress: (fileBytes) => told.push(fileBytes) });
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told.at(-1)).toBe(bytes.length);
});

it('stops between two batches when its signal aborts', async () => {
  await writeFile(path, someLines(0, 3000));
  const abort = new AbortController();
  const { batches } = await readAll({ batchBytesMax: 50_000, signal: abort.signal, onLines: () => abort.abort() });
  expect(batches).toBe(1);
});

it('files are read in name order, numbers by value, each once, a live log after its rotated ones', async () => {
  const ordered = [
    'a/cowrie.json.2025-12-31',
    'a/cowrie.json.2026-01-01.gz',
    'a/cowrie.json',
    'b/cowrie.json.9',
    'b/cowrie.json.10',
    'b/cowrie.json',
  ];
  await mkdir(join(folder, 'a'));
  await mkdir(join(folder, 'b'));
  for (const name of ordered) await writeFile(join(folder, name), name);
  const given = [...ordered.toReversed(), ordered[0] ?? ''].map((name) => join(folder, name));
  const files = await expandLogFiles(given);
  expect(files.map((file) => file.path.slice(folder.length + 1))).toEqual(ordered);
  expect(files[0]?.sizeBytes).toBe(ordered[0]?.length);
  expect(basename(files.at(-1)?.path ?? '')).toBe('cowrie.json');
});

async function readAll(
  { onLines, ...options }: Partial<LogFileReaderOptions> & { onLines?: (lines: readonly RawLine[]) => void } = {},
  batchesMax = Number.POSITIVE_INFINITY,
) {
  const { signal } = new AbortController();
  const lines: RawLine[] = [];
  let position: unknown;
  let batches = 0;
  for await (const batch of createLogFileReader({ path, sourceId: 'test', position: {}, signal, ...options })) {
    expect(batch.lines.reduce((sum, line) => sum + line.coveredBytes, 0)).toBe(batch.readBytes);
    lines.push(...batch.lines);
    onLines?.(batch.lines);
    position = JSON.parse(JSON.stringify(batch.position));
    batches++;
    if (batches === batchesMax) break;
  }
  return { lines, position, batches };
}
