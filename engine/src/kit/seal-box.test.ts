import { expect, it } from 'vitest';
import { createSealBox } from './seal-box.ts';
import { Secret } from './secret.ts';

const secret = new Secret('a key of sixteen characters or more');
const bytes = Buffer.from('{"line":1}');

it('opens what it sealed, for the same use and place only', () => {
  const box = createSealBox(secret, 'streams');
  const sealed = box.seal(bytes, 'partition 3');
  expect(sealed.includes(bytes)).toBe(false);
  expect(box.open(sealed, 'partition 3')).toEqual(bytes);
  expect(box.open(sealed, 'partition 4')).toBeUndefined();
  expect(createSealBox(secret, 'cache').open(sealed, 'partition 3')).toBeUndefined();
  sealed.writeUInt8((sealed.at(-1) ?? 0) ^ 1, sealed.length - 1);
  expect(box.open(sealed, 'partition 3')).toBeUndefined();
});

it('without a key nothing is hidden', () => {
  const box = createSealBox(null, 'streams');
  expect(box.open(box.seal(bytes, 'here'), 'there')).toEqual(bytes);
});
