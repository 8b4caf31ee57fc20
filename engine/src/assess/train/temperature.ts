import { softmax } from '../learn/logistic.ts';

export interface HeldOut {
  /** Raw scores of the classes from a model that never saw the example's group. */
  readonly scores: Float64Array;
  readonly target: Float64Array;
  readonly weight: number;
}

/** The temperature between 0.25 and 8 that makes held-back answers likeliest; one number, found by halving the range. */
export function fitTemperature(heldOut: readonly HeldOut[]): number {
  let [low, high] = [Math.log(0.25), Math.log(8)];
  for (let round = 0; round < 40; round++) {
    const [left, right] = [low + (high - low) / 3, high - (high - low) / 3];
    if (surprise(heldOut, Math.exp(left)) < surprise(heldOut, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

function surprise(heldOut: readonly HeldOut[], temperature: number): number {
  let total = 0;
  for (const { scores, target, weight } of heldOut) {
    const chances = softmax(scores, temperature);
    for (const [label, share] of target.entries())
      total -= weight * share * Math.log(Math.max(1e-12, chances[label] ?? 0));
  }
  return total;
}
