import { scores, softmax } from './learn/logistic.ts';
import { encode, linearModelOf, readModelFile, vocabularyOf } from './severity-model.ts';

/** Gives the chance that a person typed, from features of what was typed. Throws MODEL_UNUSABLE. */
export function loadActorModel(path: string): (features: ReadonlySet<string>) => number {
  const file = readModelFile(path);
  const model = linearModelOf(file);
  const vocabulary = vocabularyOf(file.features);
  const human = file.labels.indexOf('human');
  return (features) => softmax(scores(model, encode(features, vocabulary)), file.temperature)[human] ?? 0;
}
