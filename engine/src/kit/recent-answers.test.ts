import { expect, it } from 'vitest';
import { createRecentAnswers } from './recent-answers.ts';

it('what is asked for again is kept while others come and go, and no more than max is', () => {
  const answers = createRecentAnswers<number>(100);
  const names = Array.from({ length: 1000 }, (_, number) => `n${number}`);
  answers.set('asked', -1);
  for (const [number, name] of names.entries()) {
    answers.set(name, number);
    expect(answers.get('asked')).toBe(-1);
  }
  const kept = names.filter((name) => answers.get(name) !== undefined);
  expect(kept.length).toBeLessThan(100);
  expect(kept).toContain('n999');
  expect(answers.get('n0')).toBeUndefined();
});

it('the latest answer holds, whichever generation an earlier one is in', () => {
  const answers = createRecentAnswers<number>(4);
  answers.set('a', 1);
  answers.set('b', 1);
  answers.set('a', 2);
  answers.set('c', 1);
  expect(answers.get('a')).toBe(2);
});
