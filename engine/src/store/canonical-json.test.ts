import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

it('says every value in JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('says equal values in the same way, whatever the order of their keys', () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, turned(inner)]),
    );
  };
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(turned(value))).toBe(canonicalJson(value));
    }),
  );
});

it('sorts by code units, numbers among them, and leaves out what is no JSON', () => {
  const value = { b: undefined, 10: 1, 9: [undefined, new Date(0)], 'ä"': null, Z: Number.NaN };
  expect(canonicalJson(value)).toBe('{"10":1,"9":[null,"1970-01-01T00:00:00.000Z"],"Z":null,"ä\\"":null}');
  expect([canonicalJson([]), canonicalJson({}), canonicalJson(undefined)]).toEqual(['[]', '{}', 'null']);
});
