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

describe('all that is wrong with a policy is named at once', () => {
  const known = { machines: ['debian-12'], attackTypes: ['dropper'], techniques: new Set(['T1552', 'T1552.001']) };
  const told = (given: object) => {
    try {
      checkPolicy({ version: '1', rules: [rule], ...given }, 'test', known);
    } catch (error) {
      return error instanceof Error ? error.message.split('\n') : [];
    }
    return [];
  };

  it('a rule’s parameters and ids too where its other parts are wrong', () => {
    const decoy = { ...rule, why: 7, when: { xyzzy: 1 }, decision: 'launch_decoy', parameters: { drivr: 'ec2' } };
    const beside = { id: 'r', when: {}, decision: 'escalate', also: ['plugin'], alsoParameters: { lock_down: {} } };
    const trap = { ...rule, id: 'none', decision: 'insert_trap', lastsMinutes: -1 };
    expect(told({ version: 1, rules: [decoy, beside, trap] })).toEqual([
      expect.stringContaining('version'),
      expect.stringMatching(/rules\[0\]\.why/),
      expect.stringMatching(/rules\[0\]\.when .*"xyzzy"/),
      expect.stringMatching(/rules\[0\]\.parameters .*did you mean "driver"/),
      expect.stringMatching(/rules\[1\]\.why/),
      expect.stringMatching(/rules\[1\]\.alsoParameters\.lock_down .*add lock_down to also/),
      expect.stringMatching(/rules\[2\]\.lastsMinutes/),
      expect.stringMatching(/rules\[2\]\.adaptations .*needs at least one/),
      expect.stringMatching(/rules\[2\]\.id .*none/),
      expect.stringMatching(/rules\[1\]\.id .*two rules have one id/),
    ]);
  });

  it('and says nothing of parts together of which one is wrong by itself', () => {
    expect(told({ rules: [{ ...rule, decision: 'escalade', parameters: { drivr: 1 } }] })).toEqual([
      expect.stringContaining('did you mean "escalate"?'),
    ]);
    expect(told({ rules: [{ ...rule, decision: 'insert_trap', adaptations: ['SSH_KEY'] }] })).toEqual([
      expect.stringContaining('did you mean "SSH_KEYS"?'),
    ]);
  });

  it('techniques, attack types and machines that nothing is called among them, wherever they are asked for', () => {
    const odd = { techniquesAny: ['T9999', 'T1552.001'], attackTypesAny: ['droper'] };
    const trap = { ...rule, id: 't', decision: 'insert_trap', adaptations: ['PERSONA_CHANGE'] };
    const rules = [{ ...rule, why: 7, when: odd }, { ...trap, parameters: { persona: 'debian-21' } }, null];
    expect(told({ analyseWhen: [odd], rules })).toEqual([
      expect.stringMatching(/rules\[0\]\.why/),
      expect.stringMatching(/rules\[2\]/),
      expect.stringMatching(/rule "r" names an attack type .*did you mean "dropper"/),
      expect.stringMatching(/rule "r" names the technique T9999,/),
      expect.stringMatching(/rule "t" names the machine "debian-21"/),
      expect.stringMatching(/analyseWhen\[0\] names an attack type/),
      expect.stringMatching(/analyseWhen\[0\] names the technique T9999,/),
    ]);
  });
});
