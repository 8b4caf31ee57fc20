import { expect, it } from 'vitest';
import { heldBackOf, quietRuns } from './quiet-runs.ts';

const watched = { verdict: 'nothing', wanted: 'monitor' } as const;
const acted = { verdict: 'act', wanted: 'insert_trap' } as const;
const asked = { verdict: 'ask', wanted: 'insert_trap' } as const;
const held = { verdict: 'nothing', wanted: 'insert_trap' } as const;

it('joins neighbours that did nothing, and leaves alone what acted and what waits', () => {
  const decisions = [watched, held, watched, acted, acted, asked, held, held];
  expect(quietRuns(decisions)).toEqual([[watched, held, watched], [acted], [acted], [asked], [held, held]]);
  expect(quietRuns(decisions).flat()).toEqual(decisions);
  expect(quietRuns([])).toEqual([]);
});

it('says what was held back in a run and how often; watching is no loss', () => {
  const told = { verdict: 'nothing', wanted: 'escalate' } as const;
  expect(heldBackOf([watched, held, told, held])).toEqual([
    ['insert_trap', 2],
    ['escalate', 1],
  ]);
  expect(heldBackOf([watched, watched])).toEqual([]);
});
