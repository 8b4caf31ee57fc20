import { type ChainModel, marginals } from './chain.ts';
import type { SparseFeatures } from './logistic.ts';
import { createRandom, shuffle } from './random.ts';

export interface LabelledChain {
  readonly places: readonly SparseFeatures[];
  readonly labels: readonly number[];
  readonly weight: number;
}

export interface ChainOptions {
  readonly epochs: number;
  readonly learningRate: number;
  /** Pull of each weight towards zero. */
  readonly decay: number;
  /** Share of a place's features that are hidden at each step, so that no single one is leant on. */
  readonly hiddenShare: number;
  readonly seed: number;
}

interface Slopes {
  readonly weights: Float64Array;
  readonly follows: Float64Array;
}

/** Slopes start as if something this small had been seen, so that the first steps are of bounded size. */
const firstSquare = 1e-4;
/** Errors below this move nothing. */
const errorMin = 1e-7;

/** Trains by AdaGrad on the exact likelihood; the mean of the later half of the epochs. Deterministic for a seed. */
export function trainChain(
  chains: readonly LabelledChain[],
  features: number,
  labels: number,
  options: ChainOptions,
): ChainModel {
  const model = emptyChain(features, labels);
  const mean = emptyChain(features, labels);
  const squares = {
    weights: new Float64Array(model.weights.length).fill(firstSquare),
    follows: new Float64Array(model.follows.length).fill(firstSquare),
  };
  const random = createRandom(options.seed);
  const order = [...chains];
  const kept = Math.ceil(options.epochs / 2);
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const chain of shuffle(order, random)) step(model, squares, chain, options, random);
    if (epoch >= options.epochs - kept) addChain(mean, model, 1 / kept);
  }
  return mean;
}

/** All weights zero: every label as likely as any other. */
export function emptyChain(features: number, labels: number): ChainModel {
  return {
    labels,
    weights: new Float32Array(features * labels),
    follows: new Float32Array((labels + 1) * labels),
  };
}

/** Adds `share` of a model's weights to those of `sum`. */
export function addChain(sum: ChainModel, model: ChainModel, share: number): void {
  for (let at = 0; at < sum.weights.length; at++)
    sum.weights[at] = (sum.weights[at] ?? 0) + share * (model.weights[at] ?? 0);
  for (let at = 0; at < sum.follows.length; at++)
    sum.follows[at] = (sum.follows[at] ?? 0) + share * (model.follows[at] ?? 0);
}

function step(
  model: ChainModel,
  squares: Slopes,
  chain: LabelledChain,
  options: ChainOptions,
  random: () => number,
): void {
  const { labels } = model;
  const shown = chain.places.map((place) => place.filter(() => random() >= options.hiddenShare));
  const { places, pairs } = marginals(model, shown, 1 / (1 - options.hiddenShare));
  for (const [at, features] of shown.entries()) {
    const truth = chain.labels[at] ?? 0;
    const before = at === 0 ? labels : (chain.labels[at - 1] ?? 0);
    pairs[before * labels + truth] = (pairs[before * labels + truth] ?? 0) - 1;
    for (let label = 0; label < labels; label++) {
      const error = ((places[at * labels + label] ?? 0) - (label === truth ? 1 : 0)) * chain.weight;
      if (Math.abs(error) < errorMin) continue;
      for (const feature of features) adjust(model.weights, squares.weights, feature * labels + label, error, options);
    }
  }
  for (let cell = 0; cell < pairs.length; cell++)
    adjust(model.follows, squares.follows, cell, (pairs[cell] ?? 0) * chain.weight, options);
}

function adjust(
  weights: Float32Array,
  squares: Float64Array,
  cell: number,
  error: number,
  { learningRate, decay }: ChainOptions,
): void {
  const slope = error + decay * (weights[cell] ?? 0);
  squares[cell] = (squares[cell] ?? 0) + slope * slope;
  weights[cell] = (weights[cell] ?? 0) - (learningRate * slope) / Math.sqrt(squares[cell] ?? 1);
}
