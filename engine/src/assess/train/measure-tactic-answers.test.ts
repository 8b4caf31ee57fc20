import { expect, it } from 'vitest';
import { loadRules } from '../attack/load-rules.ts';
import { measureTacticAnswers } from './measure-tactic-answers.ts';
import { readTacticSessions } from './train-tactics.ts';

const rules = loadRules(new URL('../../../../policy/attack', import.meta.url).pathname);
const [session] = readTacticSessions(
  [{ id: 'a', statements: ['uname -a ;', 'id ;'], labels: ['Discovery', 'Impact'] }],
  rules,
);
if (session === undefined) throw new Error('Expected a session.');
const told = {
  session,
  verdicts: [
    { tactic: 'Discovery', confidence: 0.9 },
    { tactic: 'Discovery', confidence: 0.9 },
  ],
  byRule: [null, { tactic: 'Impact', confidence: 0.8 }],
};

it('of a statement that a rule names instead of the model, it is told whom the label agrees with', () => {
  expect(measureTacticAnswers([told], new Set())).toEqual({
    accuracy: 1,
    fidelity: 1,
    replaced: 1,
    modelRight: 0,
    ruleRight: 1,
    neitherRight: 0,
  });
});

it('a shape of the logs is known, though no other labelled script holds it', () => {
  const logged = new Set(session.views.map(({ shape }) => shape));
  expect(measureTacticAnswers([told], logged)).toMatchObject({ accuracy: 0.5, fidelity: 0, replaced: 0 });
});
