import { expect, it } from 'vitest';
import { createGate, createTurns } from './turns.ts';

it('work of one key keeps its order, also after a failure; that of another does not wait', async () => {
  const turns = createTurns();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const mine = [
    turns.take('a', () => first.promise.then(() => void done.push('a 1'))),
    turns.take('a', async () => void done.push('a 2')),
  ];
  await turns.take('b', async () => void done.push('b'));
  first.reject(new Error('of the first alone'));
  expect((await Promise.allSettled(mine)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect(done).toEqual(['b', 'a 2']);
});

it('a gate lets so many in at once, and the others in their order when one is out', async () => {
  const pass = createGate(2);
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const begun: number[] = [];
  const all = ends.map(({ promise }, at) =>
    pass(async () => {
      begun.push(at);
      await promise;
    }),
  );
  expect(begun).toEqual([0, 1]);
  ends[1]?.resolve();
  await all[1];
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of ends) resolve();
  await Promise.all(all);
  expect(begun).toEqual([0, 1, 2, 3]);
});
