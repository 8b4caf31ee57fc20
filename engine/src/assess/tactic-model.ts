import { z } from 'zod';
import { bestLabels, type ChainModel, marginals } from './learn/chain.ts';
import { encode, vocabularyOf } from './severity-model.ts';
import { type StatementView, sessionFeatures } from './statement-features.ts';
import { readTrainedFile } from './trained-file.ts';

export const ChainFile = z.strictObject({
  kind: z.literal('chain'),
  version: z.string(),
  labels: z.array(z.string()).min(2),
  features: z.array(z.string()),
  /** Base64 of little-endian 32-bit floats, a row per feature. */
  weights: z.base64(),
  /** The same, a row per label before; the last row is the start. */
  follows: z.base64(),
  /** How much more than by its chance the order of labels counts when the likeliest sequence is sought. */
  followScale: z.number().positive().default(1),
});
export type ChainFile = z.infer<typeof ChainFile>;

export interface TacticVerdict {
  readonly tactic: string;
  readonly confidence: number;
}

export interface TacticModel {
  readonly version: string;
  /** The tactic of each statement of a session, told in context. */
  tell(views: readonly StatementView[]): TacticVerdict[];
}

/** Sessions are read in pieces of this length, so that 27,742 commands cost time but no memory. */
const pieceLength = 512;

/** @throws CerberusError MODEL_UNUSABLE */
export function loadTacticModel(path: string): TacticModel {
  return readTrainedFile(path, 'a tactic model', (json) => tacticModelOf(ChainFile.parse(json)));
}

/** Names the tactic of each statement, knowing the whole session. */
export function tacticModelOf(file: ChainFile): TacticModel {
  const vocabulary = vocabularyOf(file.features);
  const model: ChainModel = {
    labels: file.labels.length,
    weights: floats(file.weights),
    follows: floats(file.follows),
  };
  return { version: file.version, tell };

  function tell(views: readonly StatementView[]): TacticVerdict[] {
    const verdicts: TacticVerdict[] = [];
    for (let start = 0; start < views.length; start += pieceLength)
      verdicts.push(...tellPiece(views.slice(start, start + pieceLength)));
    return verdicts;
  }

  function tellPiece(views: readonly StatementView[]): TacticVerdict[] {
    const places = sessionFeatures(views).map((features) => encode(features, vocabulary));
    const chances = marginals(model, places).places;
    return bestLabels(model, places, file.followScale).map((label, at) => ({
      tactic: file.labels[label] ?? 'Other',
      confidence: Math.min(1, chances[at * model.labels + label] ?? 0),
    }));
  }
}

function floats(text: string): Float32Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text, 'base64');
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}
