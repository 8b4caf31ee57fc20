import type { SessionState } from '@cerberusmesh/contract/assessment';
import { AdaptationType, DecisionKind } from '@cerberusmesh/contract/decision';
import { type Circumstances, noSignals, type Signals, type Situation } from '@cerberusmesh/contract/situation';
import fc from 'fast-check';

export const now = new Date('2026-11-22T12:00:00Z');

export function someCircumstances(changes: Partial<Circumstances> = {}): Circumstances {
  return {
    autoAdaptation: true,
    autoAction: true,
    killSwitch: false,
    threatScoreMin: 0.7,
    confidenceMin: 0.7,
    cooldownSeconds: 300,
    eventAgeMaxSeconds: 900,
    isRecording: false,
    isControl: false,
    ...changes,
  };
}

/** A grave session, ten seconds ago. */
export function aSituation({
  session = {},
  signals = {},
  ...changes
}: Partial<Omit<Situation, 'session' | 'signals'>> & {
  session?: Partial<SessionState>;
  signals?: Partial<Signals>;
} = {}): Situation {
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
    signals: { ...noSignals, ...signals },
    ...changes,
  };
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const severity = fc.constantFrom('LOW' as const, 'MEDIUM' as const, 'HIGH' as const);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('__proto__', 'constructor', ''));
const technique = fc.constantFrom('T1552', 'T1552.001', 'T1059', 'T1548');

/** What attackers write may be anything; numbers are as the contract's schemas let them be. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .record({
    sensor: text,
    sessionId: text,
    sourceIp: fc.oneof(fc.constant(null), fc.ipV4(), fc.ipV6(), text),
    eventEpochMs: fc.double(),
    attackType: text,
    severity,
    threatScore: share,
    confidence: share,
    commands: fc.array(text, { maxLength: 16 }),
    techniques: fc.array(technique, { maxLength: 4 }),
    username: text,
    touches: fc.nat(3),
    managedKey: fc.option(text),
    campaign: fc.option(text),
    llm: fc.option(fc.record({ threatScore: share, confidence: share, recommends: text })),
  })
  .map((given) =>
    aSituation({
      sensor: given.sensor,
      sessionId: given.sessionId,
      sourceIp: given.sourceIp,
      eventEpochMs: given.eventEpochMs,
      assessment: { ...aSituation().assessment, attackType: given.attackType, confidence: given.confidence },
      session: {
        severity: given.severity,
        threatScore: given.threatScore,
        recentCommands: given.commands,
        techniques: given.techniques,
        lastLogin: { username: given.username, keyFingerprint: null },
      },
      signals: { touches: given.touches, managedKey: given.managedKey, campaign: given.campaign, llm: given.llm },
    }),
  );

const anyCondition = fc.record(
  {
    severityAtLeast: severity,
    threatScoreAtLeast: share,
    threatScoreBelow: share,
    confidenceAtLeast: share,
    noveltyAtLeast: share,
    techniquesAny: fc.array(technique, { minLength: 1, maxLength: 2 }),
    looksForAny: fc.array(fc.string({ minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 3 }),
    touchesAtLeast: fc.integer({ min: 1, max: 3 }),
    managedKey: fc.boolean(),
    networksAny: fc.array(fc.ipV4(), { minLength: 1, maxLength: 2 }),
    llmRecommendsAny: fc.array(fc.constantFrom(...DecisionKind.options), { minLength: 1, maxLength: 2 }),
  },
  { requiredKeys: [] },
);

const anyRule = fc
  .record({
    when: anyCondition,
    decision: fc.constantFrom(...DecisionKind.options),
    adaptations: fc.uniqueArray(fc.constantFrom(...AdaptationType.options), { minLength: 1 }),
    choose: fc.constantFrom('all', 'one'),
    also: fc.constantFrom([], ['lock_down']),
    minutes: fc.record({ lastsMinutes: fc.integer({ min: 1, max: 60 }) }, { requiredKeys: [] }),
    asks: fc.record({ approvalMinutes: fc.integer({ min: 1, max: 60 }) }, { requiredKeys: [] }),
  })
  .map(({ minutes, asks, adaptations, also, ...rule }) => ({
    why: 'Because of that.',
    adaptations: rule.decision === 'insert_trap' ? adaptations : [],
    // The schema refuses it beside a monitor that does nothing.
    also: rule.decision === 'monitor' && minutes.lastsMinutes === undefined ? [] : also,
    ...rule,
    ...minutes,
    ...asks,
  }));

export const anyPolicy = fc
  .record({
    rules: fc.array(anyRule, { minLength: 1, maxLength: 6 }),
    guards: fc.record({
      budgetPerHour: fc.record({ insert_trap: fc.nat(3), escalate: fc.nat(3) }, { requiredKeys: [] }),
      cooldownSeconds: fc.record({ insert_trap: fc.nat(1000), escalate: fc.nat(1000) }, { requiredKeys: [] }),
      never: fc.record({ networks: fc.array(fc.ipV4(), { maxLength: 2 }), usernames: fc.constant(['alice']) }),
      quietHours: fc.option(fc.constant({ from: '22:00', to: '13:00', timeZone: 'Asia/Kolkata' })),
      llmRaiseMax: share,
    }),
  })
  .map(({ rules, guards }) => ({
    version: '1',
    guards,
    rules: rules.map((rule, n) => ({ id: `rule-${n}`, ...rule })),
  }));

export const anyMoment = fc.record({
  circumstances: fc
    .record({
      autoAdaptation: fc.boolean(),
      autoAction: fc.boolean(),
      killSwitch: fc.boolean(),
      isRecording: fc.boolean(),
      isControl: fc.boolean(),
      threatScoreMin: share,
      confidenceMin: share,
    })
    .map(someCircumstances),
  done: fc.array(
    fc.record({
      id: fc.uuid(),
      kind: fc.constantFrom(...DecisionKind.options),
      target: fc.constantFrom('sensor:sensor-a', 'sensor:b', 'attacker:192.0.2.1'),
      atMs: fc.integer({ min: now.getTime() - 90_000_000, max: now.getTime() }),
    }),
    { maxLength: 10 },
  ),
  lures: fc
    .array(
      fc.tuple(
        fc.constantFrom(...AdaptationType.options),
        fc.record({ touched: fc.nat(1000), untouched: fc.nat(1000) }),
      ),
    )
    .map((entries) => new Map(entries)),
});
