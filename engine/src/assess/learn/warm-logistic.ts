import { type Example, type LinearModel, scores, softmax } from './logistic.ts';

export interface WarmStart {
  readonly model: LinearModel;
  /** How firmly each weight is held; see `fisherInformation`. */
  readonly precision: Float32Array;
}

export interface WarmOptions {
  readonly rounds: number;
  readonly learningRate: number;
  /** Added to each weight's precision, so that one that nothing was known of is held a little too. */
  readonly precisionMin: number;
}

/**
 * Goes on from a trained model with new examples and without the old ones: the likelihood of the new ones, minus half the
 * squared distance of each weight from where it was, times its precision. That is what the old examples would say of small
 * moves (Laplace's approximation, known as elastic weight consolidation). Weights that no new example touches stay as they
 * are. Deterministic.
 */
export function warmLogistic(
  { model, precision }: WarmStart,
  examples: readonly Example[],
  options: WarmOptions,
): LinearModel {
  const { classes } = model;
  const weights = Float32Array.from(model.weights);
  const moved = { ...model, weights };
  const touched = new Set(examples.flatMap(({ features }) => [...features]));
  const cells = [...touched].flatMap((feature) =>
    Array.from({ length: classes }, (_, label) => feature * classes + label),
  );
  const squares = new Float64Array(weights.length).fill(1e-6);
  const slopes = new Float64Array(weights.length);
  for (let round = 0; round < options.rounds; round++) {
    for (const cell of cells) {
      const distance = (weights[cell] ?? 0) - (model.weights[cell] ?? 0);
      slopes[cell] = ((precision[cell] ?? 0) + options.precisionMin) * distance;
    }
    for (const example of examples) addSlopes(slopes, moved, example);
    for (const cell of cells) {
      const slope = slopes[cell] ?? 0;
      squares[cell] = (squares[cell] ?? 0) + slope * slope;
      weights[cell] = (weights[cell] ?? 0) - (options.learningRate * slope) / Math.sqrt(squares[cell] ?? 1);
    }
  }
  return moved;
}

function addSlopes(slopes: Float64Array, model: LinearModel, { features, target, weight }: Example): void {
  const chances = softmax(scores(model, features), 1);
  for (const [label, chance] of chances.entries()) {
    const error = (chance - (target[label] ?? 0)) * weight;
    for (const feature of features) {
      const cell = feature * model.classes + label;
      slopes[cell] = (slopes[cell] ?? 0) + error;
    }
  }
}
