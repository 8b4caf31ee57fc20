import { z } from 'zod';
import type { IsolationForest } from './learn/isolation-forest.ts';
import { createIsolationScore } from './learn/isolation-score.ts';
import { readTrainedFile } from './trained-file.ts';
import { createWhyUnlike } from './why-unlike.ts';

export const ForestFile = z.strictObject({
  kind: z.literal('isolation_forest'),
  version: z.string(),
  features: z.array(z.string()),
  sampleSize: z.int().positive(),
  roots: z.array(z.int()),
  /** Base64 of typed arrays, little-endian. */
  feature: z.base64(),
  threshold: z.base64(),
  left: z.base64(),
  right: z.base64(),
  /** Raw scores at the 0th, 5th … 100th percentile of the training rows, so that a score reads as a rank. */
  quantiles: z.array(z.number()).length(21),
});
export type ForestFile = z.infer<typeof ForestFile>;

/** A forest that ranks rows of any kind. */
export interface AnomalyScorer {
  readonly version: string;
  /** 0 as every day … 1 unlike anything seen in training. */
  scoreRow(row: Float32Array): number;
  /** What of the row makes it so, in words; null of one that is not very unlike. A millisecond, so nothing for the fast lane. */
  whyUnlike(row: Float32Array): string | null;
}

/** @throws CerberusError MODEL_UNUSABLE where the file is missing or not one. */
export function loadScorer(path: string): AnomalyScorer {
  return scorerOf(readForestFile(path));
}

/** Any forest over rows: 0 as every day, 1 as no row that it was trained on. */
export function scorerOf(file: ForestFile): AnomalyScorer {
  const forest = forestOf(file);
  const isolationScore = createIsolationScore(forest);
  const rankOf = (score: number) => rank(score, file.quantiles);
  return {
    version: file.version,
    scoreRow: (row) => rankOf(isolationScore(row)),
    whyUnlike: createWhyUnlike({ features: file.features, forest, isolationScore, rankOf }),
  };
}

/** @throws CerberusError MODEL_UNUSABLE where the file is missing or not one. */
export function readForestFile(path: string): ForestFile {
  return readTrainedFile(path, 'an anomaly model', (json) => ForestFile.parse(json));
}

function forestOf(file: ForestFile): IsolationForest {
  const bytes = (text: string) => {
    const { buffer, byteOffset, byteLength } = Buffer.from(text, 'base64');
    return buffer.slice(byteOffset, byteOffset + byteLength);
  };
  return {
    sampleSize: file.sampleSize,
    roots: Int32Array.from(file.roots),
    feature: new Int8Array(bytes(file.feature)),
    threshold: new Float32Array(bytes(file.threshold)),
    left: new Int32Array(bytes(file.left)),
    right: new Int32Array(bytes(file.right)),
  };
}

function rank(score: number, quantiles: readonly number[]): number {
  const above = quantiles.findIndex((quantile) => quantile >= score);
  if (above === -1) return 1;
  if (above === 0) return 0;
  const [low, high] = [quantiles[above - 1] ?? 0, quantiles[above] ?? 1];
  return (above - 1 + (high > low ? (score - low) / (high - low) : 1)) / (quantiles.length - 1);
}
