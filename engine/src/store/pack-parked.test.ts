import type { ParkedLine } from '@cerberusmesh/contract/raw-line';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packParked, parkedAloneMax, unpackParked } from './pack-parked.ts';

it('gives every line back byte for byte and in its order, whatever bytes it is made of, and covers what they cover', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 8 }).map((some) => Buffer.from(some)),
    fc.constantFrom(Buffer.from('\n'), Buffer.from('a\r\nb\n'), Buffer.alloc(3), Buffer.alloc(40_000, 'x')),
  );
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 50 }), (all) => {
      const rows = packParked(all.map(aLine));
      const back = rows.flatMap((row) => unpackParked(row.bytes, row.lineBytes));
      expect(back.length).toBe(all.length);
      expect(back.every((line, at) => all[at]?.equals(line))).toBe(true);
      expect(rows.reduce((sum, row) => sum + row.coveredBytes, 0)).toBe(
        all.reduce((sum, line) => sum + line.length + 1, 0),
      );
    }),
    { numRuns: 50 },
  );
});

it('makes no more than a row for each 64 KiB of what comes after the first few', () => {
  const rubbish = Array.from({ length: 50_000 }, (_, n) => aLine(Buffer.from([n % 250])));
  const rows = packParked(rubbish);
  expect(rows.length).toBe(parkedAloneMax + Math.ceil(((rubbish.length - parkedAloneMax) * 2) / 65_536));
  expect(rows.at(-1)?.explanation).toMatch(/^\d+ lines of one stretch could not be read \(\d+ not_json\)/);
});

function aLine(bytes: Buffer): ParkedLine {
  return { reason: 'not_json', explanation: 'Expected JSON.', bytes, coveredBytes: bytes.length + 1 };
}
