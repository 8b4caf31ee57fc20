import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Decision } from '@cerberusmesh/contract/decision';
import { Policy, type PolicyRule } from '@cerberusmesh/contract/policy';
import type { Circumstances } from '@cerberusmesh/contract/situation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actJobOf } from '../act/adaptations.ts';
import { jobsOf } from '../store/decision-jobs.ts';
import { isDrawnAgain } from './choose-lure.ts';
import { createDecide, type Moment } from './decide.ts';
import { explainDecision } from './explain.ts';
import { createHistory, type Done } from './history.ts';
import { checkPolicy, readPolicy } from './read-policy.ts';
import { anyMoment, anyPolicy, anySituation, aSituation, now, someCircumstances } from './support/situations.ts';

const policyFile = new URL('../../../policy/decisions/default.json', import.meta.url);
const defaultPolicy = readPolicy(readFileSync(policyFile, 'utf8'), 'default.json');

describe('decide with the default policy', () => {
  const decide = createDecide(defaultPolicy);

  it('plants credentials and changes the banner on a grave session', () => {
    expect(decide(aSituation(), aMoment())[0]).toMatchObject({
      decision: 'insert_trap',
      verdict: 'act',
      rule: 'grave-session',
      target: 'sensor:sensor-a',
      adaptations: ['AWS_CREDENTIALS', 'BANNER_CHANGE'],
    });
  });

  it('plants a cracked lure key anew, and rotates a key of ours before that', () => {
    const cracked = aSituation({ signals: { crackedLure: 'a-lure' } });
    expect(decide(cracked, aMoment())[0]).toMatchObject({ decision: 'rotate_key', target: 'lure:a-lure' });
    const ours = aSituation({ signals: { crackedLure: 'a-lure', managedKey: 'web-1' } });
    expect(decide(ours, aMoment())[0]).toMatchObject({ decision: 'rotate_key', target: 'key:web-1' });
  });

  it.each([
    { command: 'find / -name id_rsa', adaptation: 'SSH_KEYS' },
    { command: 'mysql -uroot -e "show databases"', adaptation: 'DATABASE_CONFIG' },
    { command: 'cat /root/.AWS/credentials', adaptation: 'AWS_CREDENTIALS' },
    { command: 'ls /var/backups', adaptation: 'BACKUP_SCRIPT' },
  ])('plants what the visitor looks for ($command)', ({ command, adaptation }) => {
    const situation = aSituation({ session: { recentCommands: [command] } });
    expect(decide(situation, aMoment())[0]?.adaptations).toContain(adaptation);
  });

  it.each([
    { change: { session: { threatScore: 0.95 } }, kinds: ['insert_trap', 'escalate'], why: 'above 0.9' },
    { change: { session: { threatScore: 0.9 } }, kinds: ['insert_trap'], why: 'at 0.9' },
    { change: { signals: { managedKey: 'web-1' } }, kinds: ['rotate_key', 'insert_trap'], why: 'a managed key' },
    { change: { signals: { touches: 1 } }, kinds: ['insert_trap', 'escalate'], why: 'a touch' },
    {
      change: { session: { techniques: ['T1548.001'] }, signals: { attackerSessions: 2, attackerHighEvents: 3 } },
      kinds: ['insert_trap', 'launch_decoy'],
      why: 'an attack that escalates',
    },
    { change: { session: { severity: 'MEDIUM' as const, threatScore: 0.5 } }, kinds: ['monitor'], why: 'watching' },
  ])('decides $kinds ($why)', ({ change, kinds }) => {
    expect(decide(aSituation(change), aMoment()).map(({ decision }) => decision)).toEqual(kinds);
  });

  it('says that no rule holds for a session of low severity', () => {
    const [only, ...more] = decide(aSituation({ session: { severity: 'LOW' } }), aMoment());
    expect(only).toMatchObject({ decision: 'monitor', verdict: 'nothing', rule: 'none' });
    expect(more).toEqual([]);
  });

  it.each([
    { circumstances: { autoAdaptation: false }, guard: 'auto_adaptation', says: 'ENABLE_AUTO_ADAPTATION' },
    { circumstances: { autoAction: false }, guard: 'auto_action', says: 'CERBERUS_AUTO_ACTION' },
    { circumstances: { killSwitch: true }, guard: 'kill_switch', says: 'CERBERUS_KILL_SWITCH' },
    { circumstances: { threatScoreMin: 0.99 }, guard: 'threat_score', says: 'HIGH_SEVERITY_THRESHOLD' },
    { circumstances: { confidenceMin: 0.99 }, guard: 'confidence', says: 'CERBERUS_THRESHOLD' },
    { circumstances: { eventAgeMaxSeconds: 5 }, guard: 'history', says: 'history' },
    { circumstances: { isRecording: true }, guard: 'recording', says: 'a recording' },
    { circumstances: { isControl: true }, guard: 'control_group', says: 'control group' },
  ])('does nothing and says why ($guard)', ({ circumstances, guard, says }) => {
    const [decision] = decide(aSituation(), aMoment({ circumstances }));
    expect(decision).toMatchObject({ decision: 'monitor', verdict: 'nothing', wanted: 'insert_trap', guard });
    expect(decision).toMatchObject({ adaptations: [], rule: 'grave-session' });
    expect(decision?.why).toContain(says);
  });

  it('lets a sensor rest, and adapts it again when the cooldown is over', () => {
    const guards = [299, 300].map((seconds) => {
      const done = [aDone({ atMs: now.getTime() - seconds * 1000 })];
      return decide(aSituation(), aMoment({ done }))[0]?.guard;
    });
    expect(guards).toEqual(['cooldown', null]);
  });
});

describe('the guards of a policy', () => {
  it('keep a budget an hour', () => {
    const done = [1, 2].map((n) => aDone({ target: `sensor:${n}`, atMs: now.getTime() - 3_500_000 }));
    expect(guardOf({ budgetPerHour: { insert_trap: 2 } }, done)).toBe('budget');
    expect(guardOf({ budgetPerHour: { insert_trap: 3 } }, done)).toBeNull();
  });

  it('keep the number of different targets, and let one that was changed be changed again', () => {
    const blastRadius = { targetsMax: 1, withinMinutes: 60 };
    expect(guardOf({ blastRadius }, [aDone({ target: 'sensor:other' })])).toBe('blast_radius');
    expect(guardOf({ blastRadius, cooldownSeconds: { insert_trap: 0 } }, [aDone()])).toBeNull();
  });

  it.each([
    { never: { networks: ['192.0.2.0/24'] }, says: 'our own networks' },
    { never: { networks: ['2001:db8::/32', '192.0.2.1'] }, says: 'our own networks' },
    { never: { usernames: ['alice'] }, says: 'alice' },
    { never: { keyFingerprints: ['aa:bb'] }, says: 'aa:bb' },
  ])('do nothing about our own ($says)', ({ never, says }) => {
    const situation = aSituation({ session: { lastLogin: { username: 'alice', keyFingerprint: 'aa:bb' } } });
    const [judgement] = decideWith({ never })(situation, aMoment());
    expect(judgement).toMatchObject({ guard: 'own', verdict: 'nothing' });
    expect(judgement?.why).toContain(says);
  });

  it('ask a person where the policy says so, and need no certainty for that', () => {
    const decide = decideWith({ approvalMinutes: { insert_trap: 30 } });
    expect(decide(aSituation(), aMoment())[0]).toMatchObject({ verdict: 'ask', approvalSeconds: 1800 });
  });

  it('let notices wait for the end of quiet hours, and nothing else', () => {
    const rules = [aRule(), aRule({ id: 'tell', decision: 'escalate', adaptations: [], also: ['lock_down'] })];
    const decide = decideWith({ quietHours: { from: '22:00', to: '14:30', timeZone: 'Europe/Berlin' } }, rules);
    // 12:00 UTC is 13:00 in Berlin.
    expect(decide(aSituation(), aMoment())).toMatchObject([
      { decision: 'insert_trap', quietUntil: null },
      { decision: 'escalate', also: ['lock_down'], quietUntil: '2026-11-22T13:30:00.000Z' },
    ]);
  });

  it('still tell a person while the kill switch is on, and lock nobody out', () => {
    const decide = decideWith({}, [aRule({ decision: 'escalate', adaptations: [], also: ['lock_down'] })]);
    const [judgement] = decide(aSituation(), aMoment({ circumstances: { killSwitch: true } }));
    expect(judgement).toMatchObject({ decision: 'escalate', verdict: 'act', also: [] });
  });

  it.each([
    { lockDownSensors: null, also: ['lock_down', 'plugin'] },
    { lockDownSensors: ['sensor-a'], also: ['lock_down', 'plugin'] },
    { lockDownSensors: ['Sensor-A', 'sensor-b'], also: ['plugin'] },
    { lockDownSensors: [], also: ['plugin'] },
  ])(
    'lock an address out on the word of $lockDownSensors alone, and tell a person in any case',
    ({ also, ...guards }) => {
      const rule = aRule({ decision: 'escalate', adaptations: [], also: ['lock_down', 'plugin'] });
      const [judgement] = decideWith(guards, [rule])(aSituation(), aMoment());
      expect(judgement).toMatchObject({ decision: 'escalate', verdict: 'act', also });
      expect(judgement?.why.includes('"sensor-a" is not one of the lockDownSensors')).toBe(also.length === 1);
    },
  );

  function guardOf(guards: object, done: readonly Done[]) {
    return decideWith(guards)(aSituation(), aMoment({ done }))[0]?.guard;
  }

  function decideWith(guards: object, rules: readonly object[] = [aRule()]) {
    return createDecide(checkPolicy({ version: '1', guards, rules }, 'test'));
  }
});

describe('the language model', () => {
  const decide = createDecide(
    checkPolicy(
      { version: '1', guards: { llmRaiseMax: 0.1 }, rules: [aRule({ when: { threatScoreAbove: 0.9 } })] },
      'test',
    ),
  );

  it.each([
    { own: 0.85, told: 0.95, used: 0.95, rule: 'r' },
    { own: 0.7, told: 1, used: 0.8, rule: 'none' },
    { own: 0.85, told: 0, used: 0.85, rule: 'none' },
  ])('raises $own by what it tells ($told) within the bound, and never lowers it', ({ own, told, used, rule }) => {
    const llm = { threatScore: told, confidence: 1, recommends: 'escalate' };
    const [judgement] = decide(aSituation({ session: { threatScore: own }, signals: { llm } }), aMoment());
    expect(judgement?.threatScore).toBeCloseTo(used);
    expect(judgement?.rule).toBe(rule);
  });
});

describe('a rule that chooses one of several lures', () => {
  const adaptations = ['AWS_CREDENTIALS', 'DATABASE_CONFIG'];
  const policy = checkPolicy({ version: '1', rules: [aRule({ adaptations, choose: 'one' })] }, 'test');
  const decide = createDecide(policy);
  const lures: Moment['lures'] = new Map([
    ['AWS_CREDENTIALS', { touched: 60, untouched: 40 }],
    ['DATABASE_CONFIG', { touched: 5, untouched: 95 }],
  ]);

  it('takes the one that is touched most, and records what was drawn', () => {
    const [judgement] = decide(aSituation(), { ...aMoment(), lures });
    expect(judgement?.adaptations).toEqual(['AWS_CREDENTIALS']);
    expect(judgement?.draws).toMatchObject([{ adaptation: 'AWS_CREDENTIALS', touched: 60, untouched: 40 }, {}]);
    expect(decide(aSituation(), { ...aMoment(), lures })[0]?.draws).toEqual(judgement?.draws);
  });

  it('says of each past choice whether its seed and the counts of then give it again', () => {
    const past = Array.from({ length: 40 }, (_, n): Decision => {
      const [judgement] = decide(aSituation({ sessionId: `s${n}` }), { ...aMoment(), lures });
      // As the database hands it out.
      return JSON.parse(JSON.stringify({ id: randomUUID(), ...judgement }));
    });
    expect(new Set(past.map((decision) => isDrawnAgain(decision, policy.policy)))).toEqual(new Set([true]));
    expect(explainDecision(past[0] ?? assert.fail(), policy.policy)).toContain('known then, it is the same.');
    const [first = assert.fail()] = past;
    const altered = { ...first, draws: first.draws.map((draw) => ({ ...draw, touched: draw.touched + 1 })) };
    expect(isDrawnAgain(altered, policy.policy)).toBe(false);
    expect(isDrawnAgain({ ...first, sessionId: 'another' }, policy.policy)).toBe(false);
    expect(explainDecision(altered, policy.policy)).toContain('known then, it is another.');
    expect(isDrawnAgain({ ...first, draws: [] }, policy.policy)).toBeUndefined();
  });

  it('tries each of those that nothing is known of', () => {
    const chosen = Array.from({ length: 40 }, (_, n) => decide(aSituation({ sessionId: `s${n}` }), aMoment())[0]);
    expect(new Set(chosen.flatMap((judgement) => judgement?.adaptations))).toEqual(new Set(adaptations));
  });
});

describe('a rule that chooses what chance would choose otherwise', () => {
  it('decides that machine, that banner and that long a lock-down, and says so', () => {
    const rule = aRule({
      ...{ adaptations: ['PERSONA_CHANGE', 'BANNER_CHANGE'], parameters: { persona: 'debian-11', banner: 'payments' } },
      ...{ also: ['lock_down'], alsoParameters: { lock_down: { minutes: 5 } } },
    });
    const [judgement] = createDecide(checkPolicy({ version: '1', rules: [rule] }, 'test'))(aSituation(), aMoment());
    const decision: Decision = { id: randomUUID(), ...(judgement ?? assert.fail('nothing was decided')) };
    expect(explainDecision(decision)).toContain(
      'decided insert_trap (PERSONA_CHANGE, BANNER_CHANGE; persona debian-11, banner payments) and lock_down (minutes 5) on sensor:sensor-a.',
    );
    const [trap, lockDown, ...more] = jobsOf(decision);
    expect(actJobOf(Decision.parse(trap?.payload)).choice).toEqual({ persona: 'debian-11', banner: 'payments' });
    expect(lockDown?.payload).toMatchObject({ kind: 'lock_down', parameters: { minutes: 5 } });
    expect(more).toEqual([]);
  });
});

describe('decide, whatever the situation and the policy', () => {
  it('never throws, says the same again, and gives each decision a rule and a sentence', () => {
    fc.assert(
      fc.property(anySituation, anyPolicy, anyMoment, (situation, given, { circumstances, done, lures }) => {
        const decide = createDecide(checkPolicy(given, 'test'));
        const moment = { circumstances, lures, now, history: createHistory(done) };
        const judgements = decide(situation, moment);
        expect(decide(situation, moment)).toEqual(judgements);
        expect(judgements.length).toBeGreaterThan(0);
        for (const { rule, why, verdict, decision, adaptations, guard } of judgements) {
          expect(['none', ...given.rules.map(({ id }) => id)]).toContain(rule);
          expect(why).toMatch(/^\S.*\.$/su);
          if (guard !== null)
            expect({ verdict, decision, adaptations }).toMatchObject({ verdict: 'nothing', adaptations: [] });
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does nothing to a machine while the kill switch is on', () => {
    fc.assert(
      fc.property(anySituation, anyPolicy, anyMoment, (situation, given, { circumstances, done, lures }) => {
        const decide = createDecide(checkPolicy(given, 'test'));
        const history = createHistory(done);
        const judgements = decide(situation, {
          ...{ lures, now, history },
          circumstances: { ...circumstances, killSwitch: true },
        });
        for (const { verdict, decision, also } of judgements) {
          if (verdict !== 'nothing') expect({ decision, also }).toEqual({ decision: 'escalate', also: [] });
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('a policy with faults', () => {
  it.each([
    { text: '{', says: 'p.json is no JSON' },
    { text: '{"version":"1","rules":[{"id":"a","why":"w","when":{"typo":1},"decision":"monitor"}]}', says: '"typo"' },
    { text: JSON.stringify({ version: '1', rules: [aRule(), aRule()] }), says: 'rules[1].id (rule "r"): two rules' },
    {
      text: JSON.stringify({ version: '1', rules: [aRule({ when: { techniquesAny: ['1552'] } })] }),
      says: 'rules[0].when.techniquesAny[0] (rule "r"): expected a technique id',
    },
    {
      text: JSON.stringify({ version: '1', rules: [aRule({ decision: 'escalate' })] }),
      says: 'only insert_trap carries adaptations',
    },
    {
      text: JSON.stringify({
        version: '1',
        rules: [aRule({ decision: 'monitor', adaptations: [], parameters: { minutes: 'long' } })],
      }),
      says: 'rules[0].parameters.minutes (rule "r"): Invalid input: expected number, received string, as monitor takes it',
    },
    {
      text: JSON.stringify({ version: '1', rules: [aRule({ parameters: { persona: 'x' } })] }),
      says: 'rules[0].parameters.persona (rule "r"): only PERSONA_CHANGE takes a persona',
    },
    {
      text: JSON.stringify({
        version: '1',
        rules: [aRule({ adaptations: ['BANNER_CHANGE'], parameters: { banner: 'x' } })],
      }),
      says: 'as insert_trap takes it',
    },
    {
      text: JSON.stringify({
        version: '1',
        rules: [aRule({ also: ['lock_down'], alsoParameters: { lock_down: { minutes: 0 }, plugin: {} } })],
      }),
      says: 'rules[0].alsoParameters.plugin (rule "r"): add plugin to also, or remove this',
    },
    {
      text: JSON.stringify({
        version: '1',
        rules: [aRule({ decision: 'monitor', adaptations: [], also: ['plugin'] })],
      }),
      says: 'a monitor without lastsMinutes does nothing',
    },
    {
      text: JSON.stringify({ version: '1', guards: { never: { networks: ['here'] } }, rules: [aRule()] }),
      says: 'guards.never.networks[0]: expected an address or a network',
    },
  ])('is refused, and the place and the fix are named ($says)', ({ text, says }) => {
    expect(() => readPolicy(text, 'p.json')).toThrow(says);
  });

  it('has a version of its own for each content', () => {
    const versions = ['w', 'v'].map((why) => checkPolicy({ version: '1', rules: [aRule({ why })] }, 'p').version);
    expect(new Set(versions).size).toBe(2);
    expect(versions.every((version) => version.startsWith('1+'))).toBe(true);
  });

  it('takes a parent technique for its sub-techniques, and not for its namesakes', () => {
    const policy = checkPolicy({ version: '1', rules: [aRule({ when: { techniquesAny: ['T1552'] } })] }, 'p');
    const rules = ['T1552', 'T1552.001', 'T1553'].map(
      (id) => createDecide(policy)(aSituation({ session: { techniques: [id] } }), aMoment())[0]?.rule,
    );
    expect(rules).toEqual(['r', 'r', 'none']);
  });
});

it('the default policy is what its schema gives', () => {
  expect(Policy.parse(defaultPolicy.policy)).toEqual(defaultPolicy.policy);
});

function aMoment({
  circumstances = {},
  done = [],
}: {
  circumstances?: Partial<Circumstances>;
  done?: readonly Done[];
} = {}) {
  const moment: Moment = {
    circumstances: someCircumstances(circumstances),
    history: createHistory(done),
    lures: new Map(),
    now,
  };
  return moment;
}

function aDone(changes: Partial<Done> = {}): Done {
  return { id: randomUUID(), kind: 'insert_trap', target: 'sensor:sensor-a', atMs: now.getTime() - 1000, ...changes };
}

function aRule(changes: Partial<Record<keyof PolicyRule, unknown>> = {}) {
  return { id: 'r', why: 'Because.', when: {}, decision: 'insert_trap', adaptations: ['AWS_CREDENTIALS'], ...changes };
}
