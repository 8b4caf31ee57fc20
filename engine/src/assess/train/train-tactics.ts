import { CerberusError } from '@cerberusmesh/contract/errors';
import type { AttackRules } from '../attack/compile-rules.ts';
import { confusionMatrix, macroF1 } from '../learn/metrics.ts';
import { addChain, emptyChain, type LabelledChain, trainChain } from '../learn/train-chain.ts';
import { encode, vocabularyOf } from '../severity-model.ts';
import { type StatementView, sessionFeatures, viewStatement } from '../statement-features.ts';
import { type ChainFile, type TacticVerdict, tacticModelOf } from '../tactic-model.ts';
import { foldOf } from './folds.ts';
import type { LabelledSession } from './session-data.ts';

const tacticOptions = {
  epochs: 14,
  learningRate: 0.07,
  decay: 0.01,
  hiddenShare: 0.5,
  seed: 3,
  seenMin: 2,
  runs: 3,
  followScale: 1.6,
} as const;
const folds = 10;

export interface TacticSession {
  readonly views: readonly StatementView[];
  readonly features: readonly ReadonlySet<string>[];
  readonly labels: readonly string[];
  /** Shapes of all statements: sessions of one script share it. */
  readonly group: string;
}

export interface TacticFigures {
  readonly sessions: number;
  readonly statements: number;
  readonly groups: number;
  readonly macroF1: number;
  readonly accuracy: number;
  /** Share of sessions whose whole collapsed sequence of tactics is right. */
  readonly fidelity: number;
  readonly labels: readonly string[];
  readonly confusion: readonly (readonly number[])[];
}

/** Sessions of the same statements, but for names and addresses, are one group: they never stand on both sides of a fold. */
export function readTacticSessions(sessions: readonly LabelledSession[], rules: AttackRules): TacticSession[] {
  return sessions.map(({ statements, labels }) => {
    const views = statements.map((statement) => viewStatement(statement, rules));
    return { views, features: sessionFeatures(views), labels, group: views.map(({ shape }) => shape).join('\n') };
  });
}

/** Trains several chains on the same sessions in different order and keeps their mean, which is steadier than any of them. */
export function trainTactics(sessions: readonly TacticSession[], version: string): ChainFile {
  const labels = [...new Set(sessions.flatMap((session) => session.labels))].sort();
  if (labels.length < 2)
    throw new CerberusError('MODEL_UNUSABLE', `Expected statements of at least two tactics, found ${labels.length}.`);
  const features = chooseFeatures(sessions);
  const chains = toChains(sessions, labels, features);
  const mean = emptyChain(features.length, labels.length);
  for (let run = 0; run < tacticOptions.runs; run++) {
    const options = { ...tacticOptions, seed: tacticOptions.seed + run };
    addChain(mean, trainChain(chains, features.length, labels.length, options), 1 / tacticOptions.runs);
  }
  return {
    kind: 'chain',
    version,
    labels,
    features,
    weights: base64(mean.weights),
    follows: base64(mean.follows),
    followScale: tacticOptions.followScale,
  };
}

/** What models that never saw a session's script say of it, in ten folds grouped by the session's shapes. */
export function crossValidateTactics(sessions: readonly TacticSession[]): (readonly TacticVerdict[])[] {
  const models = Array.from({ length: folds }, (_, fold) =>
    tacticModelOf(
      trainTactics(
        sessions.filter(({ group }) => foldOf(group, folds) !== fold),
        'cross-validation',
      ),
    ),
  );
  return sessions.map(({ group, views }) => models[foldOf(group, folds)]?.tell(views) ?? []);
}

/** Measures the model alone by what it says, cross-validated, of each session. */
export function measureTactics(
  sessions: readonly TacticSession[],
  verdicts: readonly (readonly TacticVerdict[])[] = crossValidateTactics(sessions),
): TacticFigures {
  const labels = [...new Set(sessions.flatMap((session) => session.labels))].sort();
  const [truth, told]: [number[], number[]] = [[], []];
  let whole = 0;
  for (const [at, session] of sessions.entries()) {
    const answers = (verdicts[at] ?? []).map(({ tactic }) => tactic);
    truth.push(...session.labels.map((label) => labels.indexOf(label)));
    told.push(...answers.map((label) => labels.indexOf(label)));
    if (collapsed(answers) === collapsed(session.labels)) whole++;
  }
  const confusion = confusionMatrix(truth, told, labels.length);
  return {
    sessions: sessions.length,
    statements: truth.length,
    groups: new Set(sessions.map(({ group }) => group)).size,
    macroF1: macroF1(confusion),
    accuracy: truth.filter((label, at) => label === told[at]).length / Math.max(1, truth.length),
    fidelity: whole / Math.max(1, sessions.length),
    labels,
    confusion,
  };
}

/** A sequence with runs of one tactic told once. */
export function collapsed(labels: readonly string[]): string {
  return labels.filter((label, at) => label !== labels[at - 1]).join(' > ');
}

function chooseFeatures(sessions: readonly TacticSession[]): string[] {
  const counts = new Map<string, number>();
  for (const { features } of sessions) {
    for (const name of new Set(features.flatMap((set) => [...set]))) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count >= tacticOptions.seenMin)
    .map(([name]) => name)
    .sort();
}

function toChains(
  sessions: readonly TacticSession[],
  labels: readonly string[],
  features: readonly string[],
): LabelledChain[] {
  const vocabulary = vocabularyOf(features);
  const sizes = new Map<string, number>();
  for (const { group } of sessions) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sessions.map((session) => ({
    places: session.features.map((set) => encode(set, vocabulary)),
    labels: session.labels.map((label) => labels.indexOf(label)),
    weight: (sizes.get(session.group) ?? 1) ** -0.5,
  }));
}

function base64(values: Float32Array): string {
  return Buffer.from(values.buffer).toString('base64');
}
