import type { SparseFeatures } from './logistic.ts';

/** A linear-chain conditional random field: what each place says by itself, and which label likes to follow which. */
export interface ChainModel {
  readonly labels: number;
  /** Row per feature, column per label. */
  readonly weights: Float32Array;
  /** Row per label before, column per label after; the last row is the start. */
  readonly follows: Float32Array;
}

/** Chances of each label at each place, and how often each label is expected to follow each, summed over the chain. */
export interface Marginals {
  readonly places: Float64Array;
  readonly pairs: Float64Array;
}

/** Exact chances by forward-backward, scaled at each place so that chains of any length keep their precision. */
export function marginals(model: ChainModel, places: readonly SparseFeatures[], scale = 1): Marginals {
  const { labels } = model;
  const says = likelihoods(emissions(model, places, scale), labels);
  const follows = Float64Array.from(model.follows, Math.exp);
  const forward = forwards(says, follows, labels);
  const backward = backwards(says, follows, labels);
  const chances = forward.map((value, cell) => value * (backward[cell] ?? 0));
  for (let at = 0; at < places.length; at++) normalize(chances, at * labels, labels);
  return { places: chances, pairs: expectedPairs(says, follows, forward, backward, chances, labels) };
}

/** The likeliest labels taken together (Viterbi). Above 1, `followScale` trusts the order of labels more. */
export function bestLabels(model: ChainModel, places: readonly SparseFeatures[], followScale = 1): number[] {
  const { labels } = model;
  const follows = Float64Array.from(model.follows, (value) => value * followScale);
  const scores = emissions(model, places, 1);
  const best = new Float64Array(places.length * labels);
  const came = new Int32Array(places.length * labels);
  for (let at = 0; at < places.length; at++) {
    for (let label = 0; label < labels; label++) {
      let [top, from] = at === 0 ? [follows[labels * labels + label] ?? 0, -1] : [-Infinity, -1];
      for (let before = 0; at > 0 && before < labels; before++) {
        const value = (best[(at - 1) * labels + before] ?? 0) + (follows[before * labels + label] ?? 0);
        if (value > top) [top, from] = [value, before];
      }
      best[at * labels + label] = top + (scores[at * labels + label] ?? 0);
      came[at * labels + label] = from;
    }
  }
  return pathBack(best, came, labels);
}

function pathBack(best: Float64Array, came: Int32Array, labels: number): number[] {
  const path: number[] = [];
  let label = argmax(best.subarray(best.length - labels));
  for (let at = best.length / labels - 1; at >= 0; at--) {
    path.push(label);
    label = came[at * labels + label] ?? 0;
  }
  return path.reverse();
}

function emissions({ labels, weights }: ChainModel, places: readonly SparseFeatures[], scale: number): Float64Array {
  const scores = new Float64Array(places.length * labels);
  for (let at = 0; at < places.length; at++) {
    const row = at * labels;
    for (const feature of places[at] ?? []) {
      for (let label = 0; label < labels; label++)
        scores[row + label] = (scores[row + label] ?? 0) + scale * (weights[feature * labels + label] ?? 0);
    }
  }
  return scores;
}

/** Scores as numbers of which the largest of each place is 1. */
function likelihoods(scores: Float64Array, labels: number): Float64Array {
  const says = new Float64Array(scores.length);
  for (let row = 0; row < scores.length; row += labels) {
    let top = -Infinity;
    for (let label = 0; label < labels; label++) top = Math.max(top, scores[row + label] ?? 0);
    for (let label = 0; label < labels; label++) says[row + label] = Math.exp((scores[row + label] ?? 0) - top);
  }
  return says;
}

function forwards(says: Float64Array, follows: Float64Array, labels: number): Float64Array {
  const forward = new Float64Array(says.length);
  for (let row = 0; row < says.length; row += labels) {
    for (let label = 0; label < labels; label++) {
      let arrived = row === 0 ? (follows[labels * labels + label] ?? 0) : 0;
      for (let from = 0; row > 0 && from < labels; from++)
        arrived += (forward[row - labels + from] ?? 0) * (follows[from * labels + label] ?? 0);
      forward[row + label] = arrived * (says[row + label] ?? 0);
    }
    normalize(forward, row, labels);
  }
  return forward;
}

function backwards(says: Float64Array, follows: Float64Array, labels: number): Float64Array {
  const backward = new Float64Array(says.length).fill(1);
  for (let row = says.length - 2 * labels; row >= 0; row -= labels) {
    for (let label = 0; label < labels; label++) {
      let left = 0;
      for (let to = 0; to < labels; to++) {
        const next = row + labels + to;
        left += (follows[label * labels + to] ?? 0) * (says[next] ?? 0) * (backward[next] ?? 0);
      }
      backward[row + label] = left;
    }
    normalize(backward, row, labels);
  }
  return backward;
}

function expectedPairs(
  says: Float64Array,
  follows: Float64Array,
  forward: Float64Array,
  backward: Float64Array,
  chances: Float64Array,
  labels: number,
): Float64Array {
  const pairs = new Float64Array((labels + 1) * labels);
  for (let label = 0; label < labels; label++) pairs[labels * labels + label] = chances[label] ?? 0;
  const here = new Float64Array(labels * labels);
  for (let row = labels; row < says.length; row += labels) {
    for (let from = 0; from < labels; from++) {
      for (let to = 0; to < labels; to++)
        here[from * labels + to] =
          (forward[row - labels + from] ?? 0) *
          (follows[from * labels + to] ?? 0) *
          (says[row + to] ?? 0) *
          (backward[row + to] ?? 0);
    }
    normalize(here, 0, here.length);
    for (let cell = 0; cell < here.length; cell++) pairs[cell] = (pairs[cell] ?? 0) + (here[cell] ?? 0);
  }
  return pairs;
}

function normalize(values: Float64Array, start: number, count: number): void {
  let sum = 0;
  for (let at = start; at < start + count; at++) sum += values[at] ?? 0;
  for (let at = start; at < start + count; at++) values[at] = (values[at] ?? 0) / sum;
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}
