import type { CalibrationBin, Comparison } from '@cerberusmesh/contract/models';
import { Severity } from '@cerberusmesh/contract/severity';
import type { AttackRules } from '../../attack/compile-rules.ts';
import { fisherInformation } from '../../learn/fisher.ts';
import { type Example, type LinearModel, scores, softmax } from '../../learn/logistic.ts';
import { calibrationCurve, calibrationError, confusionMatrix, quadraticKappa } from '../../learn/metrics.ts';
import { warmLogistic } from '../../learn/warm-logistic.ts';
import { encode, gravestAt, type LinearModelFile, linearModelOf, vocabularyOf } from '../../severity-model.ts';
import { foldOf } from '../folds.ts';
import { ruleExampleLines, type SeverityLine, severityLine } from '../severity-data.ts';
import { compare } from './compare.ts';

/** A command and what a person said of it. */
export interface Label {
  readonly command: string;
  readonly severity: Severity;
}

export interface RelearnedSeverity {
  /** The parent's own file where there was too little to learn from. */
  readonly file: LinearModelFile;
  readonly learned: boolean;
  readonly labels: number;
  readonly shapes: number;
  readonly comparisons: readonly Comparison[];
  readonly figures: Readonly<Record<string, unknown>>;
  readonly calibration: readonly CalibrationBin[];
  readonly confusion: { readonly labels: readonly string[]; readonly rows: readonly (readonly number[])[] };
}

/** Fewer different shapes than this say nothing about others. */
const labelledShapesMin = 5;
const folds = 5;
/** As one rated command of the past. Measured: three times that says no more of held-back feedback, and forgets more of the examples. */
const labelWeight = 1;
const options = { rounds: 150, learningRate: 0.15, precisionMin: 0.3 };
const margins = { labels: 0.05, examples: 0.02 };

/**
 * Severity from feedback, going on from the parent's weights. The same shapes are never trained and measured at once;
 * against forgetting, the examples of the rules are asked before and after, and none of them is trained on.
 */
export function relearnSeverity(
  parent: LinearModelFile,
  labels: readonly Label[],
  rules: AttackRules,
  version: string,
): RelearnedSeverity {
  const lines = labels.map(({ command, severity }) => severityLine(command, 'feedback', [severity], severity, rules));
  const shapes = new Set(lines.map(({ group }) => group)).size;
  const isEnough = shapes >= labelledShapesMin;
  const current = widened(parent, []);
  const start = isEnough ? widened(parent, lines) : current;
  const candidate = isEnough ? train(start, lines) : current;
  const heldBack = judgeHeldBack(current, start, lines, isEnough);
  const examples = ruleExampleLines(rules).map((line) => judge(line, current, candidate));
  const told = heldBack.map(({ told: { label } }) => label);
  const truth = heldBack.map(({ truth: label }) => label);
  const confusion = confusionMatrix(truth, told, Severity.options.length);
  const sureness = heldBack.map(({ told: { chance } }) => chance);
  const right = heldBack.map(({ truth: label, told: { label: said } }) => label === said);
  return {
    file: isEnough ? toFile(parent, candidate, version) : parent,
    learned: isEnough,
    labels: labels.length,
    shapes,
    comparisons: isEnough
      ? [
          compare('severity on feedback, agreement with people', heldBack, margins.labels),
          compare('severity on the rules’ examples, against forgetting', examples, margins.examples),
        ]
      : [],
    figures: {
      labels: labels.length,
      shapes,
      kappaOnHeldBackFeedback: labels.length === 0 ? null : quadraticKappa(confusion),
      calibrationErrorOnHeldBackFeedback: calibrationError(sureness, right),
    },
    calibration: calibrationCurve(sureness, right),
    confusion: { labels: Severity.options, rows: confusion },
  };
}

interface Start {
  readonly vocabulary: readonly string[];
  readonly model: LinearModel;
  readonly precision: Float32Array;
  readonly temperature: number;
}

/** The parent with room for features that only the feedback has; a new command name starts where unknown names were. */
function widened(parent: LinearModelFile, lines: readonly SeverityLine[]): Start {
  const known = vocabularyOf(parent.features);
  const fresh = [...new Set(lines.flatMap(({ features }) => [...features]))].filter((name) => !known.has(name)).sort();
  const old = linearModelOf(parent);
  const vocabulary = [...parent.features, ...fresh];
  const weights = new Float32Array(vocabulary.length * old.classes);
  weights.set(old.weights);
  const unknownName = known.get('n:?');
  for (const [at, name] of fresh.entries()) {
    if (!name.startsWith('n:') || unknownName === undefined) continue;
    const from = unknownName * old.classes;
    weights.set(old.weights.subarray(from, from + old.classes), (parent.features.length + at) * old.classes);
  }
  const precision = new Float32Array(weights.length);
  precision.set(precisionOf(parent, old.weights.length));
  return {
    vocabulary,
    model: { ...old, features: vocabulary.length, weights },
    precision,
    temperature: parent.temperature,
  };
}

/** A file of a version that kept none is held firmly everywhere. */
function precisionOf({ precision }: LinearModelFile, length: number): Float32Array {
  if (precision === undefined) return new Float32Array(length).fill(1);
  const bytes = Buffer.from(precision, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}

function train(start: Start, lines: readonly SeverityLine[]): Start {
  const examples = examplesOf(start, lines);
  const model = warmLogistic(start, examples, options);
  const information = fisherInformation(model, examples);
  return { ...start, model, precision: start.precision.map((held, cell) => held + (information[cell] ?? 0)) };
}

/** One shape is one opinion, said more firmly the more often: `n` copies weigh `n ** 0.25`, as in the shipped training. */
function examplesOf({ vocabulary }: Start, lines: readonly SeverityLine[]): Example[] {
  const indices = vocabularyOf(vocabulary);
  const sizes = new Map<string, number>();
  for (const { group } of lines) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return lines.map(({ features, target, group }) => ({
    features: encode(features, indices),
    target,
    weight: labelWeight * (sizes.get(group) ?? 1) ** -0.75,
  }));
}

interface JudgedLine {
  readonly group: string;
  readonly truth: number;
  readonly told: { readonly label: number; readonly chance: number };
  readonly current: number;
  readonly candidate: number;
}

function judgeHeldBack(current: Start, start: Start, lines: readonly SeverityLine[], isEnough: boolean): JudgedLine[] {
  return Array.from({ length: folds }, (_, fold) => fold).flatMap((fold) => {
    const isHeldBack = ({ group }: SeverityLine) => foldOf(group, folds) === fold;
    const others = lines.filter((line) => !isHeldBack(line));
    const trained = isEnough ? train(start, others) : start;
    return lines.filter(isHeldBack).map((line) => judge(line, current, trained));
  });
}

function judge(line: SeverityLine, current: Start, candidate: Start): JudgedLine {
  const truth = line.agreed === null ? 0 : Severity.options.indexOf(line.agreed);
  const [before, told] = [tell(current, line), tell(candidate, line)];
  // 1 right, 0.75 one step beside, 0 two steps: what the quadratic kappa counts.
  const agreement = (label: number) => 1 - ((label - truth) / 2) ** 2;
  return { group: line.group, truth, told, current: agreement(before.label), candidate: agreement(told.label) };
}

function tell(
  { vocabulary, model, temperature }: Start,
  { features, parts }: SeverityLine,
): { label: number; chance: number } {
  const answers = [features, ...parts].map((set) =>
    softmax(scores(model, encode(set, indicesOf(vocabulary))), temperature),
  );
  const chances = answers[gravestAt(answers)] ?? new Float64Array();
  const chance = Math.max(...chances);
  return { label: chances.indexOf(chance), chance };
}

const indexed = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

function indicesOf(vocabulary: readonly string[]): ReadonlyMap<string, number> {
  const known = indexed.get(vocabulary) ?? vocabularyOf(vocabulary);
  indexed.set(vocabulary, known);
  return known;
}

function toFile(parent: LinearModelFile, { vocabulary, model, precision }: Start, version: string): LinearModelFile {
  const base64 = (array: Float32Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString('base64');
  return {
    ...parent,
    version,
    features: [...vocabulary],
    weights: base64(model.weights),
    bias: [...model.bias],
    precision: base64(precision),
  };
}
