import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';

type Verdict = Pick<DecisionRecord, 'verdict' | 'wanted'>;

/**
 * Decisions in their order, each run of neighbours that did nothing as one: those that only watch, and those that a guard
 * held back. Of a busy hour they are nearly all, and what acted, failed or waits was three screens away.
 */
export function quietRuns<Decided extends Verdict>(decisions: readonly Decided[]): Decided[][] {
  const runs: Decided[][] = [];
  for (const decision of decisions) {
    const last = runs.at(-1);
    if (last?.[0] && isQuiet(last[0]) && isQuiet(decision)) last.push(decision);
    else runs.push([decision]);
  }
  return runs;
}

/** What a guard kept from being done in a run, each kind with how often, in the order in which they first come. */
export function heldBackOf(run: readonly Verdict[]): [wanted: string, times: number][] {
  const held = new Map<string, number>();
  for (const { verdict, wanted } of run) {
    if (verdict === 'nothing' && wanted !== 'monitor') held.set(wanted, (held.get(wanted) ?? 0) + 1);
  }
  return [...held];
}

function isQuiet({ verdict }: Verdict): boolean {
  return verdict === 'nothing';
}
