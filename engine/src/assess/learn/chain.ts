import type { SparseFeatures } from './logistic.ts';
import { createRandom, shuffle } from './random.ts';

/** A linear-chain conditional random field: what each place says by itself, and which label likes to follow which. */
export interface ChainModel {
  readonly labels: number;
  /** Row per feature, column per label. */
  readonly weights: Float32Array;
  /** Row per label before, column per label after; the last row is the start. */
  readonly follows: Float32Array;
}

export interface LabelledChain {
  readonly places: readonly SparseFeatures[];
  readonly labels: readonly number[];
  readonly weight: number;
}

export interface ChainOptions {
  readonly epochs: number;
  readonly learningRate: number;
  readonly decay: number;
  readonly seed: number;
}

/** Trains by AdaGrad on the exact likelihood (forward-backward); deterministic for a seed. */
export function trainChain(
  chains: readonly LabelledChain[],
  features: number,
  labels: number,
  options: ChainOptions,
): ChainModel {
  const model = {
    labels,
    weights: new Float32Array(features * labels),
    follows: new Float32Array((labels + 1) * labels),
  };
  const squares = {
    weights: new Float32Array(features * labels).fill(1e-4),
    follows: new Float32Array((labels + 1) * labels).fill(1e-4),
  };
  const random = createRandom(options.seed);
  const order = [...chains];
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const chain of shuffle(order, random)) step(model, squares, chain, options);
  }
  return model;
}

function step(
  model: ChainModel,
  squares: Pick<ChainModel, 'weights' | 'follows'>,
  chain: LabelledChain,
  options: ChainOptions,
): void {
  const { labels } = model;
  const { places, pairs } = marginals(model, chain.places);
  for (const [at, features] of chain.places.entries()) {
    const truth = chain.labels[at] ?? 0;
    const before = at === 0 ? labels : (chain.labels[at - 1] ?? 0);
    for (let label = 0; label < labels; label++) {
      const error = ((places[at * labels + label] ?? 0) - (label === truth ? 1 : 0)) * chain.weight;
      for (const feature of features) adjust(model.weights, squares.weights, feature * labels + label, error, options);
      for (let from = 0; from <= labels; from++) {
        const expected = pairs[(at * (labels + 1) + from) * labels + label] ?? 0;
        const seen = from === before && label === truth ? 1 : 0;
        if (expected > 1e-6 || seen === 1)
          adjust(model.follows, squares.follows, from * labels + label, (expected - seen) * chain.weight, options);
      }
    }
  }
}

function adjust(
  weights: Float32Array,
  squares: Float32Array,
  cell: number,
  error: number,
  { learningRate, decay }: ChainOptions,
): void {
  const slope = error + decay * (weights[cell] ?? 0);
  squares[cell] = (squares[cell] ?? 0) + slope * slope;
  weights[cell] = (weights[cell] ?? 0) - (learningRate * slope) / Math.sqrt(squares[cell] ?? 1);
}

function emissions({ labels, weights }: ChainModel, places: readonly SparseFeatures[]): Float64Array {
  const scores = new Float64Array(places.length * labels);
  for (const [at, features] of places.entries()) {
    for (const feature of features) {
      for (let label = 0; label < labels; label++) {
        scores[at * labels + label] = (scores[at * labels + label] ?? 0) + (weights[feature * labels + label] ?? 0);
      }
    }
  }
  return scores;
}

/** The chance of each label at each place, and of each pair of neighbours (label `labels` before the first place is the start). */
export function marginals(
  model: ChainModel,
  places: readonly SparseFeatures[],
): { places: Float64Array; pairs: Float64Array } {
  const { labels, follows } = model;
  const scores = emissions(model, places);
  const forward = new Float64Array(places.length * labels);
  const backward = new Float64Array(places.length * labels);
  const terms = new Float64Array(labels);
  for (let at = 0; at < places.length; at++) {
    for (let label = 0; label < labels; label++) {
      for (let from = 0; from < labels; from++)
        terms[from] = (forward[(at - 1) * labels + from] ?? 0) + (follows[from * labels + label] ?? 0);
      const arrived = at === 0 ? (follows[labels * labels + label] ?? 0) : logSum(terms);
      forward[at * labels + label] = (scores[at * labels + label] ?? 0) + arrived;
    }
  }
  for (let at = places.length - 2; at >= 0; at--) {
    for (let label = 0; label < labels; label++) {
      for (let to = 0; to < labels; to++) {
        const next = (at + 1) * labels + to;
        terms[to] = (follows[label * labels + to] ?? 0) + (scores[next] ?? 0) + (backward[next] ?? 0);
      }
      backward[at * labels + label] = logSum(terms);
    }
  }
  const total = logSum(forward.slice(-labels));
  const chances = forward.map((value, cell) => Math.exp(value + (backward[cell] ?? 0) - total));
  const pairs = new Float64Array(places.length * (labels + 1) * labels);
  for (let at = 0; at < places.length; at++) {
    for (let label = 0; label < labels; label++) {
      const after = (scores[at * labels + label] ?? 0) + (backward[at * labels + label] ?? 0) - total;
      if (at === 0) pairs[labels * labels + label] = Math.exp((follows[labels * labels + label] ?? 0) + after);
      else
        for (let from = 0; from < labels; from++)
          pairs[(at * (labels + 1) + from) * labels + label] = Math.exp(
            (forward[(at - 1) * labels + from] ?? 0) + (follows[from * labels + label] ?? 0) + after,
          );
    }
  }
  return { places: chances, pairs };
}

/** The likeliest labels taken together (Viterbi). */
export function bestLabels(model: ChainModel, places: readonly SparseFeatures[]): number[] {
  const { labels, follows } = model;
  const scores = emissions(model, places);
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
  const path: number[] = [];
  let label = argmax(best.slice(-labels));
  for (let at = places.length - 1; at >= 0; at--) {
    path.push(label);
    label = came[at * labels + label] ?? 0;
  }
  return path.reverse();
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best;
}

function logSum(values: Float64Array): number {
  let top = -Infinity;
  for (const value of values) top = Math.max(top, value);
  let total = 0;
  for (const value of values) total += Math.exp(value - top);
  return top + Math.log(total);
}
