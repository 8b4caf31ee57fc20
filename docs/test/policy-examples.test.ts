import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkPolicy } from '../../engine/src/decide/read-policy.ts';

const text = readFileSync(join(import.meta.dirname, '..', 'policy.md'), 'utf8');
const examples = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => json);

it('has the whole policy to begin with, and rules to add', () => {
  expect(examples.map((json) => 'rules' in JSON.parse(json))).toEqual([true, false, false]);
});

it.each(examples)('is taken as it stands: %s', (json) => {
  const example = JSON.parse(json);
  const policy = 'rules' in example ? example : { version: '1', rules: [example] };
  expect(checkPolicy(policy, 'docs/policy.md').policy.rules.length).toBeGreaterThan(0);
});
