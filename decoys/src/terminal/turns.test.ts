import { expect, it, vi } from 'vitest';
import { createTurns } from './turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it('others have their turn between two steps', async () => {
  const seen: string[] = [];
  const turns = createTurns({ writableLength: 0, destroyed: false }, () => seen.push('step') < 4);
  turns();
  setImmediate(() => seen.push('other'));
  while (seen.length < 4) await nextTurn();
  expect(seen.indexOf('other')).toBeLessThan(3);
});

it('no step is taken while the client does not read, and they go on when it does', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const outlet = { writableLength: 1_000_000, destroyed: false };
  let steps = 0;
  const turns = createTurns(outlet, () => ++steps < 3);
  turns();
  turns();
  await nextTurn();
  vi.advanceTimersByTime(10_000);
  expect(steps).toBe(0);
  outlet.writableLength = 0;
  vi.advanceTimersByTime(1000);
  vi.useRealTimers();
  while (steps < 3) await nextTurn();
  expect(steps).toBe(3);
});

it('what a step asks for comes after it, not within it', async () => {
  let depth = 0;
  let steps = 0;
  const turns = createTurns({ writableLength: 0, destroyed: false }, () => {
    expect(depth++).toBe(0);
    if (++steps === 1) turns();
    depth--;
    return false;
  });
  turns();
  while (steps < 2) await nextTurn();
  expect(steps).toBe(2);
});

it('a client that left without reading is looked at no more', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const outlet = { writableLength: 1_000_000, destroyed: false };
  createTurns(outlet, () => true)();
  await nextTurn();
  expect(vi.getTimerCount()).toBe(1);
  outlet.destroyed = true;
  vi.advanceTimersByTime(1000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});
