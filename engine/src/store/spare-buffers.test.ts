import { expect, test } from 'vitest';
import { createSpareBuffers } from './spare-buffers.ts';

const large = 2 << 20;

test('a buffer that was given back serves the next large batch, and no two at once', () => {
  const spare = createSpareBuffers();
  const first = spare.take(large);
  spare.giveBack(first);
  const again = spare.take(large - 1);
  expect(again).toBe(first);
  expect(spare.take(large)).not.toBe(first);
});

test('one that is too short is not given', () => {
  const spare = createSpareBuffers();
  spare.giveBack(spare.take(large));
  expect(spare.take(large + 1).length).toBeGreaterThan(large);
});

test('a small batch ends the backfill: nothing is held for it', () => {
  const spare = createSpareBuffers();
  const first = spare.take(large);
  spare.giveBack(first);
  spare.take(100);
  expect(spare.take(large)).not.toBe(first);
});
