import type { Decision } from '@cerberusmesh/contract/decision';
import { wordsFor } from '@cerberusmesh/contract/decision-words';
import type { Policy } from '@cerberusmesh/contract/policy';
import { isDrawnAgain } from './choose-lure.ts';
import { type Finding, findingsOf } from './condition.ts';
import { readFacts } from './facts.ts';

export interface RuleFinding {
  readonly rule: string;
  readonly decision: string;
  readonly holds: boolean;
  readonly conditions: readonly Finding[];
}

/** Each rule against what was known when it was decided. Empty where that was not recorded yet. */
export function findRules({ inputs }: Decision, { rules, guards }: Policy): RuleFinding[] {
  if (inputs === null) return [];
  const facts = readFacts(inputs.situation, guards.llmRaiseMax);
  return rules.map(({ id, decision, when }) => {
    const conditions = findingsOf(when, facts);
    return { rule: id, decision, holds: conditions.every(({ holds }) => holds), conditions };
  });
}

/** The decision as a few sentences. With its policy, what was drawn by chance is drawn again and compared. */
export function explainDecision(decision: Decision, policy?: Policy): string {
  const { sensor, sessionId, sourceIp, severity, threatScore, confidence, policyVersion, modelVersion } = decision;
  const from = sourceIp === null ? '' : ` from ${sourceIp}`;
  return [
    `At ${decision.decidedAt} session ${sessionId} on ${sensor}${from} was ${severity}, with a threat score of ${threatScore.toFixed(2)} and a confidence of ${confidence.toFixed(2)}.`,
    said(decision),
    decision.why,
    ...decision.draws
      .slice(0, 1)
      .map(({ adaptation }) => `Of ${decision.draws.length} fitting lures ${adaptation} was drawn.`),
    ...(policy === undefined ? [] : drawnAgain(decision, policy)),
    `Policy ${policyVersion}, models: ${modelVersion}.`,
  ].join(' ');
}

function drawnAgain(decision: Decision, policy: Policy): string[] {
  const same = isDrawnAgain(decision, policy);
  if (same === undefined) return [];
  return [`Drawn again, with its seed and what was known then, ${same ? 'it is the same' : 'it is another'}.`];
}

function said({ rule, verdict, wanted, target, ...decision }: Decision): string {
  if (rule === 'none') return 'Nothing was done.';
  const what = wordsFor(decision);
  switch (verdict) {
    case 'act':
      return `Rule "${rule}" decided ${what} on ${target}.`;
    case 'ask':
      return `Rule "${rule}" decided ${what} on ${target}, and a person was asked.`;
    case 'nothing':
      return wanted === 'monitor' ? `Rule "${rule}" decided to watch.` : `Rule "${rule}" wanted ${wanted}.`;
  }
}
