import type { CalibrationBin } from '@cerberusmesh/contract/models';
import { Severity } from '@cerberusmesh/contract/severity';
import { scores, softmax } from '../learn/logistic.ts';
import {
  bootstrapInterval,
  calibrationCurve,
  calibrationError,
  calibrationErrorByChance,
  confusionMatrix,
  quadraticKappa,
} from '../learn/metrics.ts';
import { createRandom } from '../learn/random.ts';
import { encode, gravestAt, vocabularyOf } from '../severity-model.ts';
import { foldOf } from './folds.ts';
import type { SeverityLine } from './severity-data.ts';
import { fitTemperature, type HeldOut } from './temperature.ts';
import { trainSeverity } from './train-severity.ts';

export interface SeverityCorpus {
  readonly rated: readonly SeverityLine[];
  readonly ordinary: readonly SeverityLine[];
  readonly examples: readonly SeverityLine[];
}

export interface SeverityFigures {
  readonly ratedLines: number;
  readonly shapes: number;
  readonly temperature: number;
  /** Over every line that both raters agree on. */
  readonly kappa: number;
  readonly kappaInterval: readonly [number, number];
  /** Over one line per shape: the copies of one script count once. */
  readonly kappaPerShape: number;
  readonly kappaPerShapeInterval: readonly [number, number];
  readonly calibrationError: number;
  readonly calibrationErrorInterval: readonly [number, number];
  /** What chance alone would make of perfectly calibrated answers over as many lines. */
  readonly calibrationErrorByChance: number;
  readonly calibration: readonly CalibrationBin[];
  readonly confusion: readonly (readonly number[])[];
  readonly ordinaryLines: number;
  readonly ordinaryHigh: number;
  readonly ordinaryMedium: number;
}

const folds = 5;
/** Every second ordinary line trains; all of them are measured, each by a model that never saw its shape. */
const ordinaryStep = 2;

interface Judged {
  readonly line: SeverityLine;
  readonly scores: Float64Array;
}

/** The lines that the shipped model is trained on. */
export function trainingLines({ rated, ordinary, examples }: SeverityCorpus): SeverityLine[] {
  return [...rated, ...ordinary.filter((_, at) => at % ordinaryStep === 0), ...examples];
}

/** Cross-validates in five folds grouped by line shape: no shape is in training and measurement at once, whatever its source. */
export function measureSeverity(corpus: SeverityCorpus): SeverityFigures {
  const judged = judgeHeldOut(corpus);
  const rated = judged.filter(({ line }) => line.source !== 'ordinary');
  const perShape = onePerGroup(rated);
  const temperature = fitTemperature(perShape.map(toHeldOut));
  const agreed = rated.filter(({ line }) => line.agreed !== null);
  const agreedPerShape = onePerGroup(agreed);
  const chances = agreedPerShape.map(({ scores: raw }) => softmax(raw, temperature));
  const ordinary = judged.filter(({ line }) => line.source === 'ordinary').map(toldLabel);
  const sureness = chances.map((one) => Math.max(...one));
  const right = agreedPerShape.map((one) => toldLabel(one) === trueLabel(one));
  const random = createRandom(17);
  return {
    ratedLines: agreed.length,
    shapes: agreedPerShape.length,
    temperature,
    kappa: kappaOf(agreed),
    kappaInterval: bootstrapInterval(indexGroups(agreed), (items) => kappaOf(pick(agreed, items)), random),
    kappaPerShape: kappaOf(agreedPerShape),
    kappaPerShapeInterval: bootstrapInterval(
      agreedPerShape.map((_, at) => [at]),
      (items) => kappaOf(pick(agreedPerShape, items)),
      random,
    ),
    calibrationError: calibrationError(sureness, right),
    calibrationErrorInterval: bootstrapInterval(
      sureness.map((_, at) => [at]),
      (items) => calibrationError(pick(sureness, items), pick(right, items)),
      random,
    ),
    calibrationErrorByChance: calibrationErrorByChance(sureness, random),
    calibration: calibrationCurve(sureness, right),
    confusion: matrixOf(agreedPerShape),
    ordinaryLines: ordinary.length,
    ordinaryHigh: ordinary.filter((label) => label === 2).length / Math.max(1, ordinary.length),
    ordinaryMedium: ordinary.filter((label) => label === 1).length / Math.max(1, ordinary.length),
  };
}

function judgeHeldOut(corpus: SeverityCorpus): Judged[] {
  const judged: Judged[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const isHeldOut = (line: SeverityLine) => foldOf(line.group, folds) === fold;
    const model = trainSeverity(trainingLines(corpus).filter((line) => !isHeldOut(line)));
    const vocabulary = vocabularyOf(model.vocabulary);
    for (const line of [...corpus.rated, ...corpus.ordinary].filter(isHeldOut)) {
      const answers = [line.features, ...line.parts].map((set) => scores(model.model, encode(set, vocabulary)));
      judged.push({ line, scores: answers[gravestAt(answers.map((raw) => softmax(raw, 1)))] ?? new Float64Array() });
    }
  }
  return judged;
}

function toHeldOut({ line, scores: raw }: Judged): HeldOut {
  return { scores: raw, target: line.target, weight: 1 };
}

function toldLabel({ scores: raw }: Judged): number {
  return raw.indexOf(Math.max(...raw));
}

function trueLabel({ line }: Judged): number {
  return line.agreed === null ? -1 : Severity.options.indexOf(line.agreed);
}

function matrixOf(judged: readonly Judged[]): number[][] {
  return confusionMatrix(judged.map(trueLabel), judged.map(toldLabel), Severity.options.length);
}

function kappaOf(judged: readonly Judged[]): number {
  return quadraticKappa(matrixOf(judged));
}

function pick<T>(items: readonly T[], places: readonly number[]): T[] {
  return places.flatMap((place) => items[place] ?? []);
}

function onePerGroup(judged: readonly Judged[]): Judged[] {
  const seen = new Set<string>();
  return judged.filter(({ line }) => !seen.has(line.group) && seen.add(line.group));
}

function indexGroups(judged: readonly Judged[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [at, { line }] of judged.entries()) {
    const group = groups.get(line.group);
    if (group) group.push(at);
    else groups.set(line.group, [at]);
  }
  return [...groups.values()];
}
