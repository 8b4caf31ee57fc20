import { LineFields } from '@cerberusmesh/contract/pushed-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createReader, guardOf } from './schema-guard.ts';

const sound = {
  eventid: 'cowrie.session.connect',
  timestamp: '2026-11-22T10:00:00.000000Z',
  session: null,
  src_port: 1,
};
const near = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('', 'x'.repeat(255), 'x'.repeat(256), -1, 0, 65_535, 65_536, 1.5, Infinity, 2 ** 53, null, true),
);

describe('a guard', () => {
  const isLine = guardOf(LineFields);

  it('takes what the schema takes as it is', () => {
    expect(isLine(sound)).toBe(true);
    expect(isLine({ ...sound, unnamed: { deep: [] } })).toBe(true);
  });

  it('takes nothing that the schema refuses or would change', () => {
    const keys = fc.constantFrom(...Object.keys(LineFields.shape), '__proto__', 'constructor');
    const line = fc.dictionary(keys, near).map((fields) => ({ ...sound, ...fields }));
    fc.assert(
      fc.property(fc.oneof(line, near), (value) => {
        if (!isLine(value)) return;
        const { success, data } = LineFields.safeParse(value);
        expect(success).toBe(true);
        expect(value).toMatchObject(data ?? {});
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a transform', z.string().transform((text) => text.trim())],
    ['a transform inside', z.object({ name: z.string().transform((text) => text.trim()) })],
    ['a default', z.object({ name: z.string().default('') })],
    ['a pattern', z.object({ name: z.string().regex(/a/) })],
    ['a record', z.record(z.string(), z.string())],
    ['an enumeration', z.enum(['a', 'b'])],
  ])('never judges %s', (_what, schema) => {
    for (const value of ['a', 'b', {}, { name: 'a' }, null]) expect(guardOf(schema)(value)).toBe(false);
  });
});

describe('a reader', () => {
  it('gives what a parse gives, and throws as it does', () => {
    const read = createReader(z.object({ count: z.number().optional().catch(undefined), name: z.string() }));
    expect(read({ count: 1, name: 'a' })).toEqual({ count: 1, name: 'a' });
    expect(read({ count: 'one', name: 'a' })).toEqual({ count: undefined, name: 'a' });
    expect(() => read({ count: 1 })).toThrow(z.ZodError);
  });
});
