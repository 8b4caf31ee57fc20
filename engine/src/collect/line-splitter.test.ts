import type { RawLine } from '@cerberusmesh/contract/raw-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLineSplitter, KEPT_BYTES } from './line-splitter.ts';

const lineBytesMax = 16 * 1024 * 1024;

describe('any bytes, in any chunks', () => {
  /** Bytes in which newlines, NULs, carriage returns and cut UTF-8 are common. */
  const tricky = fc
    .array(fc.oneof(fc.constantFrom(...Buffer.from('\n\n\r\0\0a{"é😀"}')), fc.nat(255)), { maxLength: 200 })
    .map((bytes) => Buffer.from(bytes));
  const cuts = fc.array(fc.nat(200), { maxLength: 12 });

  it('give the same lines however they are cut into chunks', () => {
    fc.assert(
      fc.property(tricky, cuts, fc.integer({ min: 1, max: 40 }), (bytes, at, max) => {
        expect(splitAll(chunksOf(bytes, at), max)).toEqual(splitAll([bytes], max));
      }),
      { numRuns: 2000 },
    );
  });

  it('are covered to the last one, and after each chunk what is not covered is pending', () => {
    fc.assert(
      fc.property(tricky, cuts, fc.integer({ min: 1, max: 40 }), (bytes, at, max) => {
        const splitter = createLineSplitter({ lineBytesMax: max });
        let covered = 0;
        let taken = 0;
        for (const chunk of chunksOf(bytes, at)) {
          covered += coveredBy(splitter.push(chunk));
          taken += chunk.length;
          expect(covered + splitter.pendingBytes()).toBe(taken);
        }
        expect(covered + (splitter.end()?.coveredBytes ?? 0)).toBe(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });

  it('come back whole from the lines that are valid text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', minLength: 1 }).filter(isOneLine)), (texts) => {
        const bytes = Buffer.from(texts.map((text) => `${text}\n`).join(''));
        expect(splitAll([bytes]).map((line) => line.text)).toEqual(texts.map((text) => Buffer.from(text).toString()));
      }),
    );
  });
});

it('a carriage return before the newline is no part of the text', () => {
  expect(splitAll([Buffer.from('one\r\ntwo\r\n')])).toEqual([
    { text: 'one', coveredBytes: 5 },
    { text: 'two', coveredBytes: 5 },
  ]);
});

it('blank lines are covered by the line after them', () => {
  expect(splitAll([Buffer.from('\n\r\none\n\n\ntwo\n')])).toEqual([
    { text: 'one', coveredBytes: 7 },
    { text: 'two', coveredBytes: 6 },
  ]);
});

it('blank bytes with no line after them are covered by a line without text', () => {
  expect(splitAll([Buffer.from('one\n\n\n')])).toEqual([
    { text: 'one', coveredBytes: 4 },
    { text: '', coveredBytes: 2 },
  ]);
});

it('invalid UTF-8 is shown as U+FFFD and kept as bytes, and the valid line beside it is not', () => {
  const bad = Buffer.from([0x61, 0xff, 0x62]);
  expect(splitAll([Buffer.concat([bad, Buffer.from('\né\n')])])).toEqual([
    { text: 'a\u{fffd}b', coveredBytes: 4, bytes: bad },
    { text: 'é', coveredBytes: 3 },
  ]);
});

it('a run of NUL is a line of its own, and so is the JSON after it on the same line', () => {
  const lines = splitAll([Buffer.from('{"a":1}\n'), Buffer.alloc(540_000), Buffer.from('{"b":2}\n')]);
  expect(lines.map(({ text, coveredBytes, unreadable }) => [text, coveredBytes, unreadable?.reason])).toEqual([
    ['{"a":1}', 8, undefined],
    ['', 540_000, 'nul_run'],
    ['{"b":2}', 8, undefined],
  ]);
  expect(lines[1]?.bytes).toEqual(Buffer.alloc(KEPT_BYTES));
});

it('text before a run of NUL is given out, for it may be whole', () => {
  const lines = splitAll([Buffer.from('{"a":1}\0\0\0\n{"b":2}\n')]);
  expect(lines.map(({ text, coveredBytes }) => [text, coveredBytes])).toEqual([
    ['{"a":1}', 7],
    ['', 4],
    ['{"b":2}', 8],
  ]);
});

it('a line of 13 MB passes as one line', () => {
  const text = 'x'.repeat(13_000_000);
  const lines = splitAll(chunksEvery(Buffer.from(`${text}\nnext\n`), 262_144));
  expect(lines.map((line) => line.text.length)).toEqual([13_000_000, 4]);
});

it('a line over the bound is parked with its head, costs no neighbour, and is not held in memory', () => {
  const splitter = createLineSplitter({ lineBytesMax: 100_000 });
  const before = process.memoryUsage().arrayBuffers;
  const first = splitter.push(Buffer.from('one\n'));
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  for (let i = 0; i < 200; i++) expect(splitter.push(chunk)).toEqual([]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50_000_000);
  const [long, next] = splitter.push(Buffer.from('\ntwo\n'));
  expect(first).toEqual([{ text: 'one', coveredBytes: 4 }]);
  expect(long).toMatchObject({
    text: '',
    coveredBytes: 200 * 1024 * 1024 + 1,
    unreadable: { reason: 'line_too_long' },
  });
  expect(long?.bytes).toEqual(Buffer.alloc(KEPT_BYTES, 'x'));
  expect(next).toEqual({ text: 'two', coveredBytes: 4 });
});

it('a reused chunk does not change what was kept of it', () => {
  const splitter = createLineSplitter({ lineBytesMax });
  const chunk = Buffer.from('half');
  splitter.push(chunk);
  chunk.fill('X');
  expect(splitter.push(Buffer.from(' whole\n'))).toEqual([{ text: 'half whole', coveredBytes: 11 }]);
});

function splitAll(chunks: readonly Buffer[], max = lineBytesMax): RawLine[] {
  const splitter = createLineSplitter({ lineBytesMax: max });
  const lines = chunks.flatMap((chunk) => splitter.push(chunk));
  const rest = splitter.end();
  return rest ? [...lines, rest] : lines;
}

function chunksOf(bytes: Buffer, at: readonly number[]): Buffer[] {
  const cuts = [0, ...at.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b), bytes.length];
  return cuts.slice(1).map((end, index) => bytes.subarray(cuts[index], end));
}

function chunksEvery(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

function coveredBy(lines: readonly RawLine[]): number {
  return lines.reduce((sum, line) => sum + line.coveredBytes, 0);
}

function isOneLine(text: string): boolean {
  return !/[\n\0]|\r$/.test(text);
}
