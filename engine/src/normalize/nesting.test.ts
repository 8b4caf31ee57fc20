import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isTooDeep, nestingMax } from './nesting.ts';

const nested = (levels: number, text: string) => `${'{"a":['.repeat(levels / 2)}${text}${']}'.repeat(levels / 2)}`;

it('tells the levels of JSON, whatever its texts hold', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 40 }), (text, filler) => {
      const inside = JSON.stringify([`${text}[{"\\`, '['.repeat(filler * 100)]);
      expect(isTooDeep(nested(nestingMax - 2, inside))).toBe(false);
      expect(isTooDeep(nested(nestingMax, inside))).toBe(true);
    }),
  );
});

it('brackets side by side are no levels', () => {
  expect(isTooDeep(JSON.stringify(Array.from({ length: 5_000 }, () => [{}])))).toBe(false);
});
