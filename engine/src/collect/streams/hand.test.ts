import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHand } from './hand.ts';
import type { TakenEntry } from './take-parts.ts';

const source = { sourceId: 'a log', kind: 'cowrie log', place: '/a/log' };

describe('what a worker holds', () => {
  it('goes out in the order of its numbers, each once, in whatever order and however often it came', () => {
    const count = 12;
    const arrivals = fc
      .array(fc.integer({ min: 1, max: count }), { maxLength: 40 })
      .map((some) => [...some, ...Array.from({ length: count }, (_, at) => at + 1)]);
    fc.assert(
      fc.property(arrivals, fc.nat({ max: count }), (parts, stored) => {
        const hand = aHand();
        const [out, dropped]: [number[], string[]] = [[], []];
        for (const [at, part] of parts.entries()) {
          hand.add([anEntry(part, 0, `${at}-0`)]);
          hand.know(hand.unknown(), [{ feedId: 'f', partition: 0, stored }]);
          for (let next = hand.takeNext(); next; next = hand.takeNext()) {
            out.push(...next.lines.map(({ text }) => Number(text)));
            dropped.push(...next.entries.map(({ entryId }) => entryId));
          }
          dropped.push(...hand.takeStale().map(({ entryId }) => entryId));
        }
        expect(out).toEqual(Array.from({ length: count - stored }, (_, at) => stored + at + 1));
        // None stays on its stream.
        expect(dropped.toSorted()).toEqual(parts.map((_, at) => `${at}-0`).toSorted());
      }),
    );
  });

  it('says for each partition from where to where it goes', () => {
    const hand = aHand();
    hand.add([anEntry(1, 0), anEntry(2, 0), anEntry(5, 1), anEntry(9, 2)]);
    hand.know(hand.unknown(), [{ feedId: 'f', partition: 1, stored: 4 }]);
    expect(hand.takeNext()?.feed).toEqual({
      feedId: 'f',
      steps: [
        { partition: 0, from: 0, to: 2 },
        { partition: 1, from: 4, to: 5 },
      ],
    });
    expect(hand.takeNext()).toBeUndefined();
  });

  it('waits for what is missing, but not for ever', () => {
    let nowMs = 0;
    const hand = createHand({ nowMs: () => nowMs, batchBytesMax: 1000 });
    hand.add([anEntry(2, 0)]);
    hand.know(['f'], []);
    expect(hand.takeStale()).toEqual([]);
    nowMs = 11 * 60_000;
    expect(hand.takeStale()).toHaveLength(1);
  });

  it('gives every feed its turn', () => {
    const hand = createHand({ nowMs: () => 0, batchBytesMax: 1 });
    hand.add([anEntry(1, 0, '1-0', 'f'), anEntry(2, 0, '2-0', 'f'), anEntry(1, 0, '3-0', 'g')]);
    hand.know(['f', 'g'], []);
    expect([hand.takeNext(), hand.takeNext(), hand.takeNext()].map((next) => next?.feed.feedId)).toEqual([
      'f',
      'g',
      'f',
    ]);
  });

  it('of what does not open says that it can go', () => {
    const hand = aHand();
    hand.add([{ partition: 0, entryId: '1-0', part: undefined }]);
    expect(hand.takeStale()).toHaveLength(1);
  });
});

function aHand() {
  return createHand({ nowMs: () => 0, batchBytesMax: 1000 });
}

function anEntry(part: number, partition: number, entryId = `${part}-${partition}`, feedId = 'f'): TakenEntry {
  const lines = [{ text: String(part), coveredBytes: 10 }];
  return { partition, entryId, part: { feedId, part, source, lines, readBytes: 10 } };
}
