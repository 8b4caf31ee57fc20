import type { CalibrationBin } from '@cerberusmesh/contract/models';

/** Counts of true class (row) against told class (column). */
export function confusionMatrix(truth: readonly number[], told: readonly number[], classes: number): number[][] {
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (const [at, row] of truth.entries()) {
    const cells = matrix[row];
    const column = told[at];
    if (cells !== undefined && column !== undefined) cells[column] = (cells[column] ?? 0) + 1;
  }
  return matrix;
}

/** Cohen's kappa with quadratic weights: 1 full agreement, 0 chance; a miss by two steps costs four times one step. */
export function quadraticKappa(matrix: readonly (readonly number[])[]): number {
  const rows = matrix.map(sum);
  const columns = matrix.map((_, column) => sum(matrix.map((row) => row[column] ?? 0)));
  const total = sum(rows);
  let observed = 0;
  let expected = 0;
  for (const [truth, row] of matrix.entries()) {
    for (const [told, count] of row.entries()) {
      const distance = (truth - told) ** 2;
      observed += distance * count;
      expected += (distance * (rows[truth] ?? 0) * (columns[told] ?? 0)) / total;
    }
  }
  return expected === 0 ? 1 : 1 - observed / expected;
}

/** Mean of the classes' F1; classes that never occur are left out. */
export function macroF1(matrix: readonly (readonly number[])[]): number {
  const scores = matrix.flatMap((row, at) => {
    const hits = row[at] ?? 0;
    const told = sum(matrix.map((other) => other[at] ?? 0));
    const truth = sum(row);
    return truth === 0 ? [] : [told + truth === 0 ? 0 : (2 * hits) / (told + truth)];
  });
  return sum(scores) / Math.max(1, scores.length);
}

/** Mean gap between told confidence and share of right answers over ten bins, weighted by their size. */
export function calibrationError(confidences: readonly number[], right: readonly boolean[]): number {
  const gaps = binned(confidences, right).map((bin) => Math.abs(bin.confidence - bin.right));
  return sum(gaps) / Math.max(1, confidences.length);
}

/** The same bins one by one: how sure it was on the mean, and how often it was right. Empty bins are left out. */
export function calibrationCurve(confidences: readonly number[], right: readonly boolean[]): CalibrationBin[] {
  return binned(confidences, right)
    .filter(({ items }) => items > 0)
    .map(({ items, confidence, right: hits }) => ({ items, confidence: confidence / items, right: hits / items }));
}

/**
 * The calibration error that would be measured if every answer were right exactly as often as it is sure: with few items bins
 * are never even, so this, not 0, is the least that can be hoped for.
 */
export function calibrationErrorByChance(confidences: readonly number[], random: () => number, rounds = 400): number {
  let total = 0;
  for (let round = 0; round < rounds; round++)
    total += calibrationError(
      confidences,
      confidences.map((confidence) => random() < confidence),
    );
  return total / rounds;
}

function binned(confidences: readonly number[], right: readonly boolean[]): CalibrationBin[] {
  const bins = Array.from({ length: 10 }, () => ({ items: 0, confidence: 0, right: 0 }));
  for (const [at, confidence] of confidences.entries()) {
    const bin = bins[Math.min(9, Math.floor(confidence * 10))];
    if (bin === undefined) continue;
    bin.items++;
    bin.confidence += confidence;
    bin.right += right[at] ? 1 : 0;
  }
  return bins;
}

/** The middle 95 % of `statistic` over resamples of whole groups, so that near copies do not make it look surer. */
export function bootstrapInterval(
  groups: readonly (readonly number[])[],
  statistic: (items: number[]) => number,
  random: () => number,
  rounds = 400,
): [number, number] {
  const values: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const items: number[] = [];
    for (let pick = 0; pick < groups.length; pick++)
      items.push(...(groups[Math.floor(random() * groups.length)] ?? []));
    values.push(statistic(items));
  }
  values.sort((a, b) => a - b);
  return [values[Math.floor(rounds * 0.025)] ?? 0, values[Math.floor(rounds * 0.975)] ?? 0];
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** Mann-Whitney: the chance that one of `high` is above one of `low`, ties counting a half; a half where either is empty. */
export function areaUnderCurve(high: readonly number[], low: readonly number[]): number {
  const sorted = [
    ...high.map((value) => ({ value, isHigh: true })),
    ...low.map((value) => ({ value, isHigh: false })),
  ].sort((a, b) => a.value - b.value);
  let ranks = 0;
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (end < sorted.length && sorted[end]?.value === sorted[start]?.value) end++;
    ranks += ((start + 1 + end) / 2) * sorted.slice(start, end).filter(({ isHigh }) => isHigh).length;
    start = end;
  }
  const pairs = high.length * low.length;
  return pairs === 0 ? 0.5 : (ranks - (high.length * (high.length + 1)) / 2) / pairs;
}
