import { CerberusError } from '@cerberusmesh/contract/errors';
import { Severity } from '@cerberusmesh/contract/severity';
import { z } from 'zod';
import { type LinearModel, type SparseFeatures, scores, softmax } from './learn/logistic.ts';
import { readTrainedFile } from './trained-file.ts';

/** The model file: a vocabulary of feature names and a weight per feature and class. */
export const LinearModelFile = z.strictObject({
  kind: z.literal('linear'),
  version: z.string(),
  labels: z.array(z.string()).min(2),
  features: z.array(z.string()),
  /** Base64 of little-endian 32-bit floats, a row per feature. */
  weights: z.base64(),
  bias: z.array(z.number()),
  temperature: z.number().positive(),
  /**
   * How firmly each weight is held by what it was trained on (the diagonal of the Fisher information), as base64 like
   * the weights: a training that goes on from here without those examples may move a weight the less, the firmer it is.
   */
  precision: z.base64().optional(),
});
export type LinearModelFile = z.infer<typeof LinearModelFile>;

export interface SeverityVerdict {
  readonly severity: Severity;
  /** Calibrated chance of the severity. */
  readonly confidence: number;
  /** Chances of LOW, MEDIUM and HIGH. */
  readonly chances: readonly [number, number, number];
  /** Features that spoke most for the severity, strongest first. */
  readonly told: readonly string[];
}

export interface SeverityModel {
  readonly version: string;
  /** Of a line's features and, where it has several pipelines, of theirs. */
  judge(features: ReadonlySet<string>, parts?: readonly ReadonlySet<string>[]): SeverityVerdict;
}

/** Reads a trained severity model; throws MODEL_UNUSABLE where the file is absent, damaged or of another form. */
export function loadSeverityModel(path: string): SeverityModel {
  return severityModelOf(readModelFile(path));
}

/** A linear model of any kind, as it is stored. @throws CerberusError MODEL_UNUSABLE */
export function readModelFile(path: string): LinearModelFile {
  return readTrainedFile(path, 'a trained model', (json) => LinearModelFile.parse(json));
}

/** One trained severity model; `gravestAt` says which answer holds where a line has several parts. */
export function severityModelOf(file: LinearModelFile): SeverityModel {
  const vocabulary = vocabularyOf(file.features);
  const model = linearModelOf(file);
  const severities = file.labels.map((label) => Severity.parse(label));
  return { version: file.version, judge };

  function judge(features: ReadonlySet<string>, parts: readonly ReadonlySet<string>[] = []): SeverityVerdict {
    const sets = [features, ...parts].map((set) => encode(set, vocabulary));
    const answers = sets.map((set) => softmax(scores(model, set), file.temperature));
    const at = gravestAt(answers);
    const [indices = new Uint32Array(), chances = new Float64Array()] = [sets[at], answers[at]];
    const best = likeliest(chances);
    return {
      severity: severities[best] ?? 'LOW',
      confidence: chances[best] ?? 0,
      chances: [chances[0] ?? 0, chances[1] ?? 0, chances[2] ?? 0],
      told: strongest(indices, best),
    };
  }

  function strongest(indices: SparseFeatures, label: number): string[] {
    const pulls = [...indices].map((feature) => ({
      feature,
      pull: model.weights[feature * model.classes + label] ?? 0,
    }));
    return pulls
      .filter(({ pull }) => pull > 0)
      .sort((a, b) => b.pull - a.pull)
      .slice(0, 3)
      .map(({ feature }) => file.features[feature] ?? '');
  }
}

/**
 * Whose answer is a line's: the first, that on the whole line, or where the answer on a part is graver, the surest of the
 * gravest. Answers are chances or scores of LOW, MEDIUM and HIGH.
 */
export function gravestAt(answers: readonly Float64Array[]): number {
  const labels = answers.map(likeliest);
  const top = Math.max(...labels);
  if (labels[0] === top) return 0;
  const sureness = answers.map((answer, at) => (labels[at] === top ? (answer[top] ?? 0) : -Infinity));
  return sureness.indexOf(Math.max(...sureness));
}

function likeliest(answer: Float64Array): number {
  return answer.indexOf(Math.max(...answer));
}

/** @throws CerberusError MODEL_UNUSABLE where there are not as many weights as features and labels ask for */
export function linearModelOf(file: LinearModelFile): LinearModel {
  const bytes = Buffer.from(file.weights, 'base64');
  const weights = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  if (weights.length !== file.features.length * file.labels.length) {
    throw new CerberusError(
      'MODEL_UNUSABLE',
      `Expected ${file.features.length * file.labels.length} weights, found ${weights.length}; train again.`,
    );
  }
  return { classes: file.labels.length, features: file.features.length, weights, bias: Float32Array.from(file.bias) };
}

export function vocabularyOf(features: readonly string[]): ReadonlyMap<string, number> {
  return new Map(features.map((feature, at) => [feature, at]));
}

/** Names to indices; a command name that training never met becomes the feature `n:?`. */
export function encode(features: ReadonlySet<string>, vocabulary: ReadonlyMap<string, number>): SparseFeatures {
  const indices = new Set<number>();
  for (const feature of features) {
    const index = vocabulary.get(feature) ?? (feature.startsWith('n:') ? vocabulary.get('n:?') : undefined);
    if (index !== undefined) indices.add(index);
  }
  return Uint32Array.from(indices);
}
