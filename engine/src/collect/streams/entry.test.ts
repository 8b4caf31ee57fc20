import { randomUUID } from 'node:crypto';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealBox } from '../../kit/seal-box.ts';
import { Secret } from '../../kit/secret.ts';
import { type FeedPart, openEntry, sealEntry, splitBatch } from './entry.ts';
import { partitionOf } from './partition-of.ts';

const source = { sourceId: 'a log', kind: 'cowrie log', place: '/a/log' };
const box = createSealBox(new Secret('a key of sixteen characters or more'), 'streams');

const aLine: fc.Arbitrary<RawLine> = fc
  .record(
    {
      text: fc.string({ unit: 'grapheme' }),
      coveredBytes: fc.nat(),
      bytes: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      unreadable: fc.record({ reason: fc.constantFrom('cut_line', 'nul_run'), expected: fc.string() }),
      sensor: fc.constantFrom('one', 'two'),
      receivedEpochMs: fc.constantFrom(1, 2),
    },
    { requiredKeys: ['text', 'coveredBytes'] },
  )
  // A record of fast-check has no prototype.
  .map((line) => ({ ...line, ...(line.unreadable && { unreadable: { ...line.unreadable } }) }));

describe('an entry', () => {
  it('gives back whatever lines were put in, with or without a key', () => {
    fc.assert(
      fc.property(fc.array(aLine), fc.boolean(), (lines, isSealed) => {
        const used = isSealed ? box : createSealBox(null, 'streams');
        const part: FeedPart = { feedId: randomUUID(), part: 7, source, lines, readBytes: 12 };
        expect(openEntry(sealEntry(part, 3, used), 3, used)).toEqual(part);
      }),
    );
  });

  it('does not open where it was changed, moved to another partition, or is none of ours', () => {
    const part: FeedPart = { feedId: randomUUID(), part: 1, source, lines: [], readBytes: 0 };
    const sealed = sealEntry(part, 3, box);
    expect(openEntry(sealed, 4, box)).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array(), (bytes) => openEntry(Buffer.from(bytes), 3, box) === undefined));
    const open = createSealBox(null, 'streams');
    fc.assert(fc.property(fc.json(), (text) => openEntry(Buffer.from(text), 3, open) === undefined));
  });
});

it('shares of a batch sum up to the batch, each line in one of them, in order', () => {
  fc.assert(
    fc.property(fc.array(aLine, { minLength: 1 }), fc.nat(), (lines, beside) => {
      const covered = lines.reduce((sum, { coveredBytes }) => sum + coveredBytes, 0);
      const batch = { sourceId: 'a log', lines, position: {}, readBytes: covered + beside };
      const shares = [...splitBatch(batch, ({ text }) => text.length % 3).values()];
      expect(shares.reduce((sum, { readBytes }) => sum + readBytes, 0)).toBe(batch.readBytes);
      expect(shares.flatMap((share) => share.lines).toSorted(byPlaceIn(lines))).toEqual(lines);
      for (const share of shares) expect(share.lines).toEqual(share.lines.toSorted(byPlaceIn(lines)));
    }),
  );
});

describe('the partition of a line', () => {
  it('is told by its session, wherever it stands in the line and whoever reads it', () => {
    const first = partitionOf('{"session":"c0ffee123456","eventid":"a"}', 'one log', 16);
    expect(partitionOf('{"eventid": "b", "session" : "c0ffee123456"}', 'another', 16)).toBe(first);
  });

  it('is not told by what an attacker typed', () => {
    const typed = JSON.stringify({ input: 'echo \'"session": "x"\'', session: 'c0ffee123456' });
    expect(partitionOf(typed, 'log', 256)).toBe(partitionOf('{"session":"c0ffee123456"}', 'log', 256));
  });

  it('of a line without a session is that of its source', () => {
    expect(partitionOf('not json', 'log', 16)).toBe(partitionOf('{"eventid":"x"}', 'log', 16));
  });

  it('spreads sessions evenly', () => {
    const counts = new Map<number, number>();
    for (let at = 0; at < 16_000; at++) {
      const partition = partitionOf(`{"session":"${at.toString(16).padStart(12, '0')}"}`, 'log', 16);
      counts.set(partition, (counts.get(partition) ?? 0) + 1);
    }
    expect(counts.size).toBe(16);
    expect(Math.max(...counts.values())).toBeLessThan(1200);
  });
});

function byPlaceIn(lines: readonly RawLine[]) {
  return (a: RawLine, b: RawLine) => lines.indexOf(a) - lines.indexOf(b);
}
