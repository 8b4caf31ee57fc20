import type { RuleCondition } from '@cerberusmesh/contract/policy';
import { isGraver } from '@cerberusmesh/contract/severity';
import type { Facts } from './facts.ts';
import { createNetworkCheck } from './networks.ts';

export type ConditionName = keyof RuleCondition;

/** One condition of a rule, looked at: what was wanted, what was there, and whether that is enough. */
export interface Finding {
  readonly condition: ConditionName;
  readonly wanted: unknown;
  readonly came: unknown;
  readonly holds: boolean;
}

/** How one kind of condition is checked. `prepare` does once, when a policy is read, what need not be done each time. */
interface Check<Wanted> {
  came(facts: Facts): unknown;
  prepare(wanted: Wanted): (facts: Facts) => boolean;
}

/** Every condition that `RuleCondition` knows: one that is missing here is a compile error. */
const checks: { readonly [Name in ConditionName]-?: Check<NonNullable<RuleCondition[Name]>> } = {
  severityAtLeast: {
    came: ({ situation }) => situation.session.severity,
    prepare:
      (wanted) =>
      ({ situation }) =>
        !isGraver(wanted, situation.session.severity),
  },
  threatScoreAtLeast: atLeast(({ threatScore }) => threatScore),
  threatScoreAbove: {
    came: ({ threatScore }) => threatScore,
    prepare:
      (wanted) =>
      ({ threatScore }) =>
        threatScore > wanted,
  },
  threatScoreBelow: {
    came: ({ threatScore }) => threatScore,
    prepare:
      (wanted) =>
      ({ threatScore }) =>
        threatScore < wanted,
  },
  confidenceAtLeast: atLeast(({ situation }) => situation.assessment.confidence),
  anomalyScoreAtLeast: atLeast(({ situation }) => situation.assessment.anomalyScore),
  noveltyAtLeast: atLeast(({ situation }) => situation.signals.novelty),
  reputationAtLeast: atLeast(({ situation }) => situation.signals.reputation),
  techniquesAny: {
    came: ({ situation }) => situation.session.techniques,
    prepare:
      (wanted) =>
      ({ situation }) =>
        situation.session.techniques.some((id) => wanted.some((parent) => covers(parent, id))),
  },
  attackTypesAny: oneOf(({ situation }) => situation.assessment.attackType),
  looksForAny: {
    came: (facts) => facts.commands(),
    prepare(wanted) {
      const words = wanted.map((word) => word.toLowerCase());
      return (facts) => facts.commands().some((command) => words.some((word) => command.includes(word)));
    },
  },
  loggedIn: equal(({ situation }) => situation.session.succeededLogin),
  failedLoginsAtLeast: atLeast(({ situation }) => situation.session.failedLogins),
  commandsAtLeast: atLeast(({ situation }) => situation.session.commands),
  transfersAtLeast: atLeast(({ situation }) => situation.session.transfers),
  attackerSessionsAtLeast: atLeast(({ situation }) => situation.signals.attackerSessions),
  attackerHighEventsAtLeast: atLeast(({ situation }) => situation.signals.attackerHighEvents),
  touchesAtLeast: atLeast(({ situation }) => situation.signals.touches),
  inCampaign: equal(({ situation }) => situation.signals.campaign !== null),
  campaignsAny: oneOf(({ situation }) => situation.signals.campaign),
  actor: equal(({ situation }) => situation.signals.actor),
  managedKey: equal(({ situation }) => situation.signals.managedKey !== null),
  lureKey: equal(({ situation }) => situation.signals.crackedLure !== null),
  llmRecommendsAny: oneOf(({ situation }) => situation.signals.llm?.recommends ?? null),
  sensorsAny: oneOf(({ situation }) => situation.sensor),
  networksAny: {
    came: ({ situation }) => situation.sourceIp,
    prepare(wanted) {
      const liesInNetwork = createNetworkCheck(wanted);
      return ({ situation }) => liesInNetwork(situation.sourceIp);
    },
  },
};

/** Answers whether everything that the condition names holds. */
export function compileCondition(condition: RuleCondition): (facts: Facts) => boolean {
  const prepared = namesOf(condition).map((name) => prepareOne(name, condition));
  return function holds(facts) {
    for (const check of prepared) if (!check(facts)) return false;
    return true;
  };
}

/** The same one by one, for people. */
export function findingsOf(condition: RuleCondition, facts: Facts): Finding[] {
  return namesOf(condition).map((name) => ({
    condition: name,
    wanted: condition[name],
    came: checks[name].came(facts),
    holds: prepareOne(name, condition)(facts),
  }));
}

function namesOf(condition: RuleCondition): ConditionName[] {
  // `as`: the schema is strict, so a condition has no other keys.
  return (Object.keys(condition) as ConditionName[]).filter((name) => condition[name] !== undefined);
}

function prepareOne<Name extends ConditionName>(name: Name, condition: RuleCondition): (facts: Facts) => boolean {
  const wanted = condition[name];
  // `as`: the table's type pairs each name with its own kind of value, which is lost where the name is a parameter.
  const check = checks[name] as Check<NonNullable<RuleCondition[Name]>>;
  return wanted === undefined ? () => true : check.prepare(wanted);
}

function atLeast(came: (facts: Facts) => number | null): Check<number> {
  return { came, prepare: (wanted) => (facts) => (came(facts) ?? Number.NEGATIVE_INFINITY) >= wanted };
}

function equal<Value>(came: (facts: Facts) => Value | null): Check<Value> {
  return { came, prepare: (wanted) => (facts) => came(facts) === wanted };
}

function oneOf(came: (facts: Facts) => string | null): Check<readonly string[]> {
  return {
    came,
    prepare: (wanted) => (facts) => {
      const value = came(facts);
      return value !== null && wanted.includes(value);
    },
  };
}

function covers(wanted: string, id: string): boolean {
  return id === wanted || id.startsWith(`${wanted}.`);
}
