import type { Severity } from '@cerberusmesh/contract/severity';
import { type SparseFeatures, scores, softmax } from './learn/logistic.ts';
import { encode, type LinearModelFile, linearModelOf, readModelFile, vocabularyOf } from './severity-model.ts';

export interface AttackTypeVerdict {
  /** Snake case; `none` where nothing was done, `suspicious_command` where the model abstains. */
  readonly attackType: string;
  /** Calibrated chance of the likeliest type, also where that was too small to name it. */
  readonly attackTypeConfidence: number;
}

export interface AttackTypeModel {
  readonly version: string;
  tell(features: ReadonlySet<string>, severity: Severity): AttackTypeVerdict;
}

/** Below this chance the model abstains; see its card for how often, and how right it is above. */
export const typeSure = 0.4;

/** The types that are said without the model: of an event, a lure or a text, and where none is named. */
export const ruledAttackTypes = [
  ...(['brute_force', 'exploitation', 'lure_touched', 'malware_download', 'malware_upload', 'none'] as const),
  ...(['prompt_injection', 'scan', 'spam_relay', 'suspicious_command', 'tunnelling', 'valid_login'] as const),
];
export type RuledAttackType = (typeof ruledAttackTypes)[number];

/** Every type that may be said, in order. @throws CerberusError MODEL_UNUSABLE */
export function readAttackTypes(modelPath: string): string[] {
  return [...new Set([...ruledAttackTypes, ...readModelFile(modelPath).labels])].sort();
}

/** Reads the trained model; throws MODEL_UNUSABLE where the file is absent, damaged or of another form. */
export function loadAttackTypeModel(path: string): AttackTypeModel {
  return attackTypeModelOf(readModelFile(path));
}

/** One trained model that names what a command does, or abstains below `typeSure`. */
export function attackTypeModelOf(file: LinearModelFile): AttackTypeModel {
  const vocabulary = vocabularyOf(file.features);
  const model = linearModelOf(file);
  return {
    version: file.version,
    tell(features, severity) {
      const indices: SparseFeatures = encode(features, vocabulary);
      const chances = softmax(scores(model, indices), file.temperature);
      const attackTypeConfidence = Math.max(...chances);
      const likeliest = file.labels[chances.indexOf(attackTypeConfidence)] ?? 'none';
      const attackType = attackTypeConfidence >= typeSure ? likeliest : unnamed(severity);
      // Two models: where one sees harm and the other none, only the harm is said, without a name.
      return { attackType: attackType === 'none' ? unnamed(severity) : attackType, attackTypeConfidence };
    },
  };
}

/** What is said where no attack type is named. */
export function unnamed(severity: Severity): RuledAttackType {
  return severity === 'LOW' ? 'none' : 'suspicious_command';
}
