import type { RuleCondition } from '@cerberusmesh/contract/policy';
import { isGraver } from '@cerberusmesh/contract/severity';
import type { Situation } from './decide.ts';

/** True where everything that the condition names holds. */
export function holds(condition: RuleCondition, { assessment, session }: Situation): boolean {
  const { severityAtLeast, threatScoreAtLeast, techniquesAny, attackTypesAny, looksForAny } = condition;
  if (severityAtLeast !== undefined && isGraver(severityAtLeast, session.severity)) return false;
  if (threatScoreAtLeast !== undefined && session.threatScore < threatScoreAtLeast) return false;
  if (techniquesAny && !session.techniques.some((id) => techniquesAny.some((wanted) => covers(wanted, id))))
    return false;
  if (attackTypesAny && !attackTypesAny.includes(assessment.attackType)) return false;
  return !looksForAny || session.recentCommands.some((command) => containsAny(command.toLowerCase(), looksForAny));
}

function covers(wanted: string, id: string): boolean {
  return id === wanted || id.startsWith(`${wanted}.`);
}

function containsAny(command: string, words: readonly string[]): boolean {
  return words.some((word) => command.includes(word.toLowerCase()));
}
