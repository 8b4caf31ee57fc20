import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createMicrosecondReader } from './microsecond-reader.ts';

it('reads every instant to the microsecond, in any order', () => {
  const read = createMicrosecondReader();
  const instants = fc.tuple(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.integer({ min: 0, max: 999 }));
  fc.assert(
    fc.property(fc.array(instants, { minLength: 1 }), (all) => {
      for (const [ms, microsecond] of all) {
        const text = `${new Date(ms).toISOString().slice(0, -1)}${String(microsecond).padStart(3, '0')}Z`;
        expect(read(text)).toBe(ms * 1000 + microsecond);
      }
    }),
  );
});

it.each([
  ...['', '2026-11-22', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000000+', '2026-11-22 00:00:00.000000Z'],
  ...[
    '2026-11-22T24:00:05.000000Z',
    '2026-11-22T00:60:00.000000Z',
    '2026-11-22T00:00:60.000000Z',
    '2026-13-22T00:00:00.000000Z',
  ],
  ...[
    '2026-11-22T00:00:0x.000000Z',
    '2026-11-22T00:00:00.00000 Z',
    '2026-11-22T00:00:00,000000Z',
    '٢٠26-11-22T00:00:00.000000Z',
  ],
])('%j has another form, also beside one that has it', (text) => {
  const read = createMicrosecondReader();
  expect(read(text)).toBeUndefined();
  expect(read('2026-11-22T00:00:00.000001Z')).toBe(1_795_305_600_000_001);
  expect(read(text)).toBeUndefined();
});
