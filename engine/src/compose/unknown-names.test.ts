import { join } from 'node:path';
import { expect, it } from 'vitest';
import { checkPolicy } from '../decide/read-policy.ts';
import { readPolicyFile } from './compose-decide.ts';
import { projectDir } from './project.ts';
import { warnOfUnknownNames } from './unknown-names.ts';

it('a policy’s names that nothing is called are warned of, one by one, and those of the default policy are all known', async () => {
  const said: string[] = [];
  const log = { warn: (_fields: object, sentence: string) => said.push(sentence) };
  const when = { techniquesAny: ['T9999', 'T1059'], attackTypesAny: ['xyzzy'] };
  const rules = [{ id: 'r', why: 'Because.', when, decision: 'escalate' }];
  await warnOfUnknownNames(checkPolicy({ version: '1', rules }, 'test'), 'policy.json', log);
  expect(said).toEqual([
    expect.stringMatching(/^The policy's rule "r" names an attack type that nothing is called: .*"xyzzy"/),
    expect.stringMatching(/^The policy's rule "r" names the technique T9999/),
  ]);
  said.length = 0;
  const file = join(projectDir, 'policy', 'decisions', 'default.json');
  await warnOfUnknownNames(await readPolicyFile(file), file, log);
  expect(said).toEqual([]);
});
