import { expect, it } from 'vitest';
import { quietRuns } from './quiet-runs.ts';

const watched = { verdict: 'nothing', wanted: 'monitor' } as const;
const acted = { verdict: 'act', wanted: 'insert_trap' } as const;
const refused = { verdict: 'nothing', wanted: 'insert_trap' } as const;

it('joins neighbours that only watch, and leaves alone what acted and what was held back', () => {
  const decisions = [watched, watched, acted, refused, refused, watched];
  expect(quietRuns(decisions)).toEqual([[watched, watched], [acted], [refused], [refused], [watched]]);
  expect(quietRuns(decisions).flat()).toEqual(decisions);
  expect(quietRuns([])).toEqual([]);
});
