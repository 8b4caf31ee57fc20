import { EventEmitter, once } from 'node:events';
import { expect, it } from 'vitest';
import { createTurns } from './turns.ts';

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const createOutlet = (writableLength: number) => Object.assign(new EventEmitter(), { writableLength });

it('others have their turn between two steps', async () => {
  const seen: string[] = [];
  const turns = createTurns(createOutlet(0), () => seen.push('step') < 4);
  turns();
  setImmediate(() => seen.push('other'));
  while (seen.length < 4) await nextTurn();
  expect(seen.indexOf('other')).toBeLessThan(3);
});

it('no step is taken while the client does not read, and they go on when it does', async () => {
  const outlet = createOutlet(1_000_000);
  const done = new EventEmitter();
  let steps = 0;
  const turns = createTurns(outlet, () => ++steps < 3 || done.emit('all', steps) === undefined);
  turns();
  turns();
  await nextTurn();
  expect(steps).toBe(0);
  outlet.writableLength = 0;
  const all = once(done, 'all');
  outlet.emit('drain');
  expect(await all).toEqual([3]);
});

it('what a step asks for comes after it, not within it', async () => {
  let depth = 0;
  let steps = 0;
  const turns = createTurns(createOutlet(0), () => {
    expect(depth++).toBe(0);
    if (++steps === 1) turns();
    depth--;
    return false;
  });
  turns();
  while (steps < 2) await nextTurn();
  expect(steps).toBe(2);
});
