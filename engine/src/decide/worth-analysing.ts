import type { Situation } from '@cerberusmesh/contract/situation';
import { compileCondition } from './condition.ts';
import type { VersionedPolicy } from './decide.ts';
import { readFacts } from './facts.ts';

/** Whether the policy wants the language model to read a session: any of its `analyseWhen` holds. */
export function createWorthAnalysing({ policy }: VersionedPolicy): (situation: Situation) => boolean {
  const conditions = policy.analyseWhen.map(compileCondition);
  return function isWorthAnalysing(situation) {
    const facts = readFacts(situation, policy.guards.llmRaiseMax);
    return conditions.some((holds) => holds(facts));
  };
}
