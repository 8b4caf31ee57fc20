import { createRandom, shuffle } from './random.ts';

/** Features of one example as indices into the vocabulary; each counts once. */
export type SparseFeatures = Uint32Array;

export interface Example {
  readonly features: SparseFeatures;
  /** A share per class, summing to 1: raters who differ give a half each. */
  readonly target: Float64Array;
  readonly weight: number;
}

export interface LinearModel {
  readonly classes: number;
  readonly features: number;
  /** Row per feature, column per class. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

export interface LogisticOptions {
  readonly epochs: number;
  readonly learningRate: number;
  /** Pull of each weight towards zero, per feature. */
  readonly decay: (feature: number) => number;
  readonly seed: number;
}

/** Multinomial logistic regression by AdaGrad; deterministic for a seed. */
export function trainLogistic(
  examples: readonly Example[],
  features: number,
  classes: number,
  options: LogisticOptions,
): LinearModel {
  const weights = new Float32Array(features * classes);
  const bias = new Float32Array(classes);
  const squares = new Float32Array(features * classes).fill(1e-6);
  const biasSquares = new Float32Array(classes).fill(1e-6);
  const order = examples.map((_, at) => at);
  const random = createRandom(options.seed);
  const total = examples.reduce((sum, example) => sum + example.weight, 0);
  const model = { classes, features, weights, bias };
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    for (const at of shuffle(order, random)) {
      const example = examples[at];
      if (example !== undefined) step(model, squares, biasSquares, example, total, options);
    }
  }
  return model;
}

function step(
  model: LinearModel,
  squares: Float32Array,
  biasSquares: Float32Array,
  example: Example,
  total: number,
  options: LogisticOptions,
): void {
  const { classes, weights, bias } = model;
  const chances = softmax(scores(model, example.features), 1);
  for (let label = 0; label < classes; label++) {
    const error = ((chances[label] ?? 0) - (example.target[label] ?? 0)) * example.weight;
    biasSquares[label] = (biasSquares[label] ?? 0) + error * error;
    bias[label] = (bias[label] ?? 0) - (options.learningRate * error) / Math.sqrt(biasSquares[label] ?? 1);
    for (const feature of example.features) {
      const cell = feature * classes + label;
      const weight = weights[cell] ?? 0;
      const slope = error + (options.decay(feature) * weight) / total;
      squares[cell] = (squares[cell] ?? 0) + slope * slope;
      weights[cell] = weight - (options.learningRate * slope) / Math.sqrt(squares[cell] ?? 1);
    }
  }
}

/** Raw scores per class, before they become chances. */
export function scores({ classes, weights, bias }: LinearModel, features: SparseFeatures): Float64Array {
  const sums = Float64Array.from(bias);
  for (const feature of features) {
    for (let label = 0; label < classes; label++)
      sums[label] = (sums[label] ?? 0) + (weights[feature * classes + label] ?? 0);
  }
  return sums;
}

/** Chances from scores; a temperature above 1 makes them less sure. */
export function softmax(values: Float64Array, temperature: number): Float64Array {
  let top = -Infinity;
  for (const value of values) top = Math.max(top, value);
  const chances = values.map((value) => Math.exp((value - top) / temperature));
  const sum = chances.reduce((a, b) => a + b, 0);
  return chances.map((chance) => chance / sum);
}
