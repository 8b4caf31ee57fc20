import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCast } from './read-cast.ts';

const cast = [
  { version: 2, width: 100, height: 30, timestamp: 1_795_341_600 },
  [0, 'o', '$ '],
  [1, 'i', 'ls\r'],
  [61, 'o', 'done\r\n'],
  [62, 'o', '$ '],
];

describe('a recording', () => {
  it('is shown with its idle times cut, and every moment can be found in both', () => {
    const read = readCast(textOf(cast));
    expect(read?.recording).toMatchObject({ cols: 100, rows: 30 });
    expect(read?.recording.events.map(([at]) => at)).toEqual([0, 1, 3, 4]);
    expect(read?.firstEnteredSeconds).toBe(1);
    expect([read?.shownAt(61), read?.shownAt(31), read?.realAt(2), read?.realAt(4)]).toEqual([3, 2, 31, 62]);
  });

  it('that is none, or empty, is undefined', () => {
    for (const text of ['', 'nonsense', '{"version":2}\n', '{"version":2}\n["x"]\n[1,"o"]'])
      expect(readCast(text)).toBeUndefined();
  });

  it('of any lines is read without a fault, and its times never go back', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.constantFrom('o', 'i', 'm', 'x'), fc.string()),
        ),
        (events) => {
          const shown = readCast(textOf([{}, ...events]))?.recording.events.map(([at]) => at) ?? [];
          expect(shown).toEqual([...shown].sort((a, b) => a - b));
        },
      ),
    );
  });
});

function textOf(lines: readonly unknown[]): string {
  return lines.map((line) => JSON.stringify(line)).join('\n');
}
