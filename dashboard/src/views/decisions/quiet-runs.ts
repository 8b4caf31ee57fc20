import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';

/**
 * Decisions in their order, each run of neighbours that only watch as one: of a busy hour they are nearly all, and what
 * acted, failed or waits was three screens away.
 */
export function quietRuns<Decided extends Pick<DecisionRecord, 'verdict' | 'wanted'>>(
  decisions: readonly Decided[],
): Decided[][] {
  const runs: Decided[][] = [];
  for (const decision of decisions) {
    const last = runs.at(-1);
    if (last?.[0] && isQuiet(last[0]) && isQuiet(decision)) last.push(decision);
    else runs.push([decision]);
  }
  return runs;
}

function isQuiet({ verdict, wanted }: Pick<DecisionRecord, 'verdict' | 'wanted'>): boolean {
  return verdict === 'nothing' && wanted === 'monitor';
}
