import type { AdaptationType, Decision, Draw } from '@cerberusmesh/contract/decision';
import type { Policy, PolicyRule } from '@cerberusmesh/contract/policy';
import type { Circumstances, Situation } from '@cerberusmesh/contract/situation';
import { drawLures, type LureCounts, seedOf } from './choose-lure.ts';
import { compileCondition } from './condition.ts';
import { type Facts, readFacts } from './facts.ts';
import { createGuards, type Intention } from './guards.ts';
import type { ActionHistory } from './history.ts';
import { endOfQuietHours } from './quiet-hours.ts';
import { targetOf } from './target.ts';

/** What a decision depends on besides the situation and the policy. */
export interface Moment {
  readonly circumstances: Circumstances;
  readonly history: ActionHistory;
  /** What is known of each kind of lure. */
  readonly lures: ReadonlyMap<AdaptationType, LureCounts>;
  readonly now: Date;
}

/** A decision without its id, which the caller makes from its content. */
export type Judgement = Omit<Decision, 'id'>;

export type Decide = (situation: Situation, moment: Moment) => Judgement[];

/** A policy that has been read: `version` is the policy's own and the beginning of its content's hash. */
export interface VersionedPolicy {
  readonly policy: Policy;
  readonly version: string;
}

/**
 * Decides about a session: of each kind of decision the first rule that holds, and what the guards make of it; never
 * nothing at all, because that no rule held is a decision too. Pure and total: the same situation, policy and moment
 * give the same judgements, and nothing that a situation may hold makes it throw.
 */
export function createDecide({ policy, version }: VersionedPolicy): Decide {
  const rules = policy.rules.map((rule) => ({ rule, holds: compileCondition(rule.when) }));
  const findObjection = createGuards(policy.guards);

  return function decide(situation, moment) {
    const facts = readFacts(situation, policy.guards.llmRaiseMax);
    const kinds = new Set<string>();
    const judgements: Judgement[] = [];
    for (const { rule, holds } of rules) {
      if (kinds.has(rule.decision) || !holds(facts)) continue;
      // "Watch, because nothing else" is only true where nothing else was decided.
      if (rule.decision === 'monitor' && judgements.length > 0) continue;
      kinds.add(rule.decision);
      judgements.push(judge(rule, facts, moment));
    }
    return judgements.length > 0 ? judgements : [noRule(facts, moment)];
  };

  function judge(rule: PolicyRule, facts: Facts, moment: Moment): Judgement {
    const { situation, threatScore } = facts;
    const target = targetOf(rule.decision, situation);
    const recorded = { ...record(facts, moment), rule: rule.id, wanted: rule.decision, target };
    // To watch is what is always done; only for a time it is something more.
    if (rule.decision === 'monitor' && rule.lastsMinutes === undefined) return { ...recorded, why: rule.why };
    const intention: Intention = { rule, target, threatScore, ...moment, situation };
    const objection = findObjection(intention);
    if (objection) {
      return { ...recorded, guard: objection.guard, why: `${rule.why} Not done: ${objection.because}` };
    }
    const approvalMinutes = rule.approvalMinutes ?? policy.guards.approvalMinutes[rule.decision];
    const { adaptations, draws } = chooseAdaptations(rule, situation, moment);
    const { also, said } = chooseCompanions(rule, situation.sensor, moment.circumstances);
    const quietUntil = rule.decision === 'escalate' ? endOfQuietHours(policy.guards.quietHours, moment.now) : null;
    return {
      ...recorded,
      decision: rule.decision,
      verdict: approvalMinutes === undefined ? 'act' : 'ask',
      why: [rule.why, ...said, ...(quietUntil ? [`The notice waits for the end of quiet hours.`] : [])].join(' '),
      adaptations,
      draws,
      also,
      parameters: rule.parameters,
      alsoParameters: also.length === 0 ? {} : (rule.alsoParameters ?? {}),
      lifetimeSeconds: rule.lastsMinutes === undefined ? null : rule.lastsMinutes * 60,
      approvalSeconds: approvalMinutes === undefined ? null : approvalMinutes * 60,
      quietUntil: quietUntil?.toISOString() ?? null,
    };
  }

  /** A lock-down is an action, whatever the notice is that it goes with. */
  function chooseCompanions(rule: PolicyRule, sensor: string, { autoAction, killSwitch }: Circumstances) {
    if (rule.also.length === 0) return { also: [], said: [] };
    if (!autoAction || killSwitch) {
      const why = killSwitch ? 'the kill switch is on' : 'CERBERUS_AUTO_ACTION is off';
      return { also: [], said: [`Only told, because ${why}.`] };
    }
    const { lockDownSensors } = policy.guards;
    if (!rule.also.includes('lock_down') || lockDownSensors === null || lockDownSensors.includes(sensor)) {
      return { also: [...rule.also], said: [] };
    }
    const said = `Nobody is locked out, because ${JSON.stringify(sensor)} is not one of the lockDownSensors.`;
    return { also: rule.also.filter((kind) => kind !== 'lock_down'), said: [said] };
  }

  function noRule(facts: Facts, moment: Moment): Judgement {
    return { ...record(facts, moment), rule: 'none', target: '', why: 'No rule of the policy holds for this session.' };
  }

  /** A decision to do nothing; what is done instead is laid over it. */
  function record({ situation, threatScore }: Facts, { circumstances, now }: Moment): Omit<Judgement, 'rule' | 'why'> {
    return {
      decidedAt: now.toISOString(),
      decision: 'monitor',
      verdict: 'nothing',
      wanted: 'monitor',
      guard: null,
      target: '',
      adaptations: [],
      also: [],
      parameters: {},
      alsoParameters: {},
      lifetimeSeconds: null,
      approvalSeconds: null,
      quietUntil: null,
      draws: [],
      sensor: situation.sensor,
      sessionId: situation.sessionId,
      sourceIp: situation.sourceIp,
      eventId: situation.eventId,
      severity: situation.session.severity,
      threatScore,
      confidence: situation.assessment.confidence,
      policyVersion: version,
      modelVersion: situation.assessment.modelVersion,
      inputs: { situation, circumstances },
    };
  }
}

function chooseAdaptations(
  rule: PolicyRule,
  situation: Situation,
  { lures }: Moment,
): { adaptations: AdaptationType[]; draws: Draw[] } {
  if (rule.choose === 'all' || rule.adaptations.length < 2) return { adaptations: [...rule.adaptations], draws: [] };
  const draws = drawLures(rule.adaptations, lures, seedOf(situation, rule));
  return { adaptations: draws.slice(0, 1).map(({ adaptation }) => adaptation), draws };
}
