import { describe, expect, it } from 'vitest';
import { checkPolicy } from './read-policy.ts';

const rule = { id: 'r', why: 'Because.', when: {}, decision: 'escalate' };

describe('a policy’s wrong name', () => {
  it.each<[string, object, string]>([
    ['condition', { rules: [{ ...rule, when: { attackTypeAny: ['dropper'] } }] }, 'did you mean "attackTypesAny"?'],
    ['condition in another case', { analyseWhen: [{ severityatleast: 'LOW' }] }, 'did you mean "severityAtLeast"?'],
    ['severity in another case', { analyseWhen: [{ severityAtLeast: 'high' }] }, 'did you mean "HIGH"?'],
    ['guard', { guards: { cooldownSecond: {} } }, 'did you mean "cooldownSeconds"?'],
    ['kind in a guard', { guards: { budgetPerHour: { rotate_keys: 1 } } }, 'did you mean "rotate_key"?'],
    ['part of a guard that may be null', { guards: { quietHours: { from: '22:00', too: '06:00' } } }, 'mean "to"?'],
    ['part of a policy', { rule: [] }, 'did you mean "rules"?'],
    ['decision', { rules: [{ ...rule, decision: 'escalade' }] }, 'did you mean "escalate"?'],
    ['parameter', { rules: [{ ...rule, decision: 'launch_decoy', parameters: { drivr: 'ec2' } }] }, 'mean "driver"?'],
    [
      'parameter of what is done beside it',
      { rules: [{ ...rule, also: ['lock_down'], alsoParameters: { lock_down: { minuts: 3 } } }] },
      'did you mean "minutes"?, as lock_down takes it',
    ],
    ['word like no other', { rules: [{ ...rule, when: { xyzzyPlugh: 1 } }] }, 'there is severityAtLeast, threat'],
  ])('as a %s is said with the nearest that there is', (_what, given, said) => {
    expect(() => checkPolicy({ version: '1', rules: [rule], ...given }, 'test')).toThrow(said);
  });

  it('is said of each, not only of the first', () => {
    const when = { attackTypeAny: ['dropper'], severityAtleast: 'LOW', sensorAny: ['a'] };
    const check = () => checkPolicy({ version: '1', rules: [{ ...rule, when }] }, 'test');
    expect(check).toThrow(/"attackTypesAny".*"severityAtLeast".*"sensorsAny"/s);
  });
});
