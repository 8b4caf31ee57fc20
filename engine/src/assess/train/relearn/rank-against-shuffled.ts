import type { AnomalyScorer } from '../../anomaly-scorer.ts';
import { createRandom } from '../../learn/random.ts';
import type { Judged } from './compare.ts';

export interface GroupedRow {
  readonly row: Float32Array;
  readonly session: string;
}

type Ranking = Pick<AnomalyScorer, 'scoreRow'>;

const shuffledMax = 2000;

/**
 * There are no labels for unlikeness, but rows that are surely unlike can be made: each column drawn from another
 * held-back row, so that every value is one that occurs and their company is not. For each real row, the share of such
 * rows that score above it; their mean is the area under the curve.
 */
export function rankAgainstShuffled(heldBack: readonly GroupedRow[], current: Ranking, candidate: Ranking): Judged[] {
  const shuffled = shuffleColumns(heldBack, Math.min(shuffledMax, heldBack.length));
  const rankOf = (scorer: Ranking) => {
    const scores = Float64Array.from(shuffled, (row) => scorer.scoreRow(row)).sort();
    return (row: Float32Array) => shareAbove(scores, scorer.scoreRow(row));
  };
  const [before, after] = [rankOf(current), rankOf(candidate)];
  return heldBack.map(({ row, session }) => ({ group: session, current: before(row), candidate: after(row) }));
}

function shuffleColumns(rows: readonly GroupedRow[], count: number): Float32Array[] {
  const random = createRandom(31);
  const width = rows[0]?.row.length ?? 0;
  return Array.from({ length: count }, () =>
    Float32Array.from({ length: width }, (_, column) => rows[Math.floor(random() * rows.length)]?.row[column] ?? 0),
  );
}

/** Of sorted scores; a tie counts half. */
function shareAbove(sorted: Float64Array, score: number): number {
  const [low, high] = [firstAtLeast(sorted, score), firstAtLeast(sorted, score + 1e-12)];
  return (sorted.length - high + (high - low) / 2) / Math.max(1, sorted.length);
}

function firstAtLeast(sorted: Float64Array, score: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < score) low = middle + 1;
    else high = middle;
  }
  return low;
}
