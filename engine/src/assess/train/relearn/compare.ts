import type { Comparison } from '@cerberusmesh/contract/models';
import { bootstrapInterval } from '../../learn/metrics.ts';
import { createRandom } from '../../learn/random.ts';

export interface Judged {
  readonly group: string;
  /** How good each was on this item, 0 to 1. */
  readonly current: number;
  readonly candidate: number;
}

/**
 * Compares two models item by item on the same held-back items. The new one passes where even the lower end of the
 * interval of the difference is not below the margin; whole groups are resampled, so that copies do not make it surer.
 */
export function compare(figure: string, judged: readonly Judged[], margin: number): Comparison {
  const groups = new Map<string, number[]>();
  for (const [at, { group }] of judged.entries()) {
    const known = groups.get(group);
    if (known === undefined) groups.set(group, [at]);
    else known.push(at);
  }
  const mean = (pick: (one: Judged) => number, items: readonly number[]) =>
    items.reduce((sum, at) => sum + (judged[at] === undefined ? 0 : pick(judged[at])), 0) / Math.max(1, items.length);
  const all = judged.map((_, at) => at);
  const difference = bootstrapInterval(
    [...groups.values()],
    (items) => mean(({ current, candidate }) => candidate - current, items),
    createRandom(23),
  );
  return {
    figure,
    items: judged.length,
    groups: groups.size,
    current: mean(({ current }) => current, all),
    candidate: mean(({ candidate }) => candidate, all),
    difference,
    margin,
    passed: difference[0] >= -margin,
  };
}
