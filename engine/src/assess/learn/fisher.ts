import { type Example, type LinearModel, scores, softmax } from './logistic.ts';

/**
 * How firmly the examples hold each weight: the diagonal of the Fisher information, sum over examples of
 * weight × chance × (1 − chance), one number per feature and class.
 */
export function fisherInformation(model: LinearModel, examples: readonly Example[]): Float32Array {
  const information = new Float32Array(model.weights.length);
  for (const { features, weight } of examples) {
    const chances = softmax(scores(model, features), 1);
    for (const [label, chance] of chances.entries()) {
      const share = weight * chance * (1 - chance);
      for (const feature of features) {
        const cell = feature * model.classes + label;
        information[cell] = (information[cell] ?? 0) + share;
      }
    }
  }
  return information;
}
