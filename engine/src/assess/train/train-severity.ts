import { Severity } from '@cerberusmesh/contract/severity';
import { fisherInformation } from '../learn/fisher.ts';
import { type Example, type LinearModel, trainLogistic } from '../learn/logistic.ts';
import { encode, type LinearModelFile, vocabularyOf } from '../severity-model.ts';
import type { SeverityLine } from './severity-data.ts';

/** How much a line of each source counts beside a doubly rated one. */
export interface SourceWeights {
  readonly ordinary: number;
  readonly ruleExample: number;
}

export const severityOptions = {
  epochs: 25,
  learningRate: 0.15,
  decay: 0.35,
  seed: 11,
  weights: { ordinary: 0.1, ruleExample: 0.5 },
} as const;

export interface TrainedLinear {
  readonly vocabulary: readonly string[];
  readonly model: LinearModel;
  /** Of each weight; see `LinearModelFile`. */
  readonly precision?: Float32Array;
}

/**
 * Trains on lines where one shape counts as one opinion: a shape that occurs `n` times weighs `n ** 0.25`, so that 320
 * copies of one password change do not drown the other 500 commands.
 */
export function trainSeverity(
  lines: readonly SeverityLine[],
  options: typeof severityOptions = severityOptions,
): TrainedLinear {
  const vocabulary = chooseVocabulary(lines);
  const indices = vocabularyOf(vocabulary);
  const sizes = groupSizes(lines);
  const examples: Example[] = lines.map((line) => ({
    features: encode(line.features, indices),
    target: line.target,
    weight: sourceWeight(line.source, options.weights) * (sizes.get(groupKey(line)) ?? 1) ** -0.75,
  }));
  const model = trainLogistic(examples, vocabulary.length, Severity.options.length, {
    ...options,
    decay: () => options.decay,
  });
  return { vocabulary, model, precision: fisherInformation(model, examples) };
}

/** A trained model as its file keeps it: the weights, and how firmly each is held, in base64. */
export function toModelFile(
  { vocabulary, model, precision }: TrainedLinear,
  labels: readonly string[],
  version: string,
  temperature: number,
): LinearModelFile {
  return {
    kind: 'linear',
    version,
    labels: [...labels],
    features: [...vocabulary],
    weights: Buffer.from(model.weights.buffer).toString('base64'),
    bias: [...model.bias],
    temperature,
    ...(precision === undefined ? {} : { precision: Buffer.from(precision.buffer).toString('base64') }),
  };
}

function sourceWeight(source: string, weights: SourceWeights): number {
  if (source === 'ordinary') return weights.ordinary;
  return source === 'rule_example' ? weights.ruleExample : 1;
}

const groupKey = (line: SeverityLine) => `${line.source === 'ordinary' ? 'o' : 'r'} ${line.group}`;

function groupSizes(lines: readonly SeverityLine[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const line of lines) sizes.set(groupKey(line), (sizes.get(groupKey(line)) ?? 0) + 1);
  return sizes;
}

const seenMin = 2;

/** Feature names met in at least two shapes; command names met once become the unknown name `n:?`, which must be learned too. */
export function chooseVocabulary(lines: readonly Pick<SeverityLine, 'group' | 'features'>[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const line of lines) {
    for (const feature of line.features) {
      const seen = groups.get(feature);
      if (seen) seen.add(line.group);
      else groups.set(feature, new Set([line.group]));
    }
  }
  const kept = [...groups].filter(([, seen]) => seen.size >= seenMin).map(([feature]) => feature);
  return [...kept, 'n:?'].sort();
}
