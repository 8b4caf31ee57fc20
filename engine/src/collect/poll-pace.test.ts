import { expect, it } from 'vitest';
import { createPollPace } from './poll-pace.ts';

it('looks at a quiet log ever less often, and as often as at first once something wakes it', () => {
  const pace = createPollPace(250, 2000);
  expect(quietFor(pace, 5)).toEqual([250, 500, 1000, 2000, 2000]);
  pace.waited(true);
  pace.found();
  expect(quietFor(pace, 3)).toEqual([250, 500, 1000]);
});

it('goes on looking often where lines come without a wake, until one comes', () => {
  const pace = createPollPace(250, 2000);
  expect(quietFor(pace, 3)).toEqual([250, 500, 1000]);
  pace.found();
  pace.found();
  expect(quietFor(pace, 4)).toEqual([250, 250, 250, 250]);
  pace.nextMs();
  pace.waited(true);
  expect(quietFor(pace, 3)).toEqual([250, 500, 1000]);
});

it('believes in a wake that comes a moment after the look that found its lines', () => {
  const pace = createPollPace(250, 2000);
  quietFor(pace, 3);
  pace.found();
  pace.nextMs();
  pace.waited(true);
  expect(quietFor(pace, 3)).toEqual([250, 500, 1000]);
});

it('does not take what is there at the start for something that nobody told', () => {
  const pace = createPollPace(250, 2000);
  pace.found();
  expect(quietFor(pace, 2)).toEqual([250, 500]);
});

function quietFor(pace: ReturnType<typeof createPollPace>, waits: number): number[] {
  return Array.from({ length: waits }, () => {
    const ms = pace.nextMs();
    pace.waited(false);
    return ms;
  });
}
