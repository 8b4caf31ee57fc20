import type { CalibrationBin } from '@cerberusmesh/contract/models';
import { typeSure } from '../attack-type.ts';
import { type Example, scores, softmax, trainLogistic } from '../learn/logistic.ts';
import { calibrationCurve, calibrationError, confusionMatrix, macroF1 } from '../learn/metrics.ts';
import { encode, type LinearModelFile, vocabularyOf } from '../severity-model.ts';
import type { TypeCorpus, TypedLine } from './attack-type-data.ts';
import { attackTypeNames } from './attack-type-names.ts';
import { foldOf } from './folds.ts';
import { fitTemperature } from './temperature.ts';
import { chooseVocabulary, type TrainedLinear, toModelFile } from './train-severity.ts';

const options = { epochs: 20, learningRate: 0.2, decay: 0.6, seed: 19 };
/** How much a line of each source counts beside a rated one. */
const weights = { rated: 1, rule_example: 0.5, ordinary: 0.1 };
/** Every fourth ordinary line trains: they are all of one type. */
const ordinaryStep = 4;
const folds = 5;

export interface AttackTypeFigures {
  readonly ratedLines: number;
  readonly shapes: number;
  readonly temperature: number;
  /** Over one line per shape: the likeliest type is one that a rater meant. */
  readonly accuracy: number;
  readonly inFirstThree: number;
  /** Over types that raters used, one line per shape on which both agree. */
  readonly macroF1: number;
  /** How often the raters mean the same type, per shape: about what can be reached. */
  readonly ratersAgree: number;
  readonly calibrationError: number;
  readonly calibration: readonly CalibrationBin[];
  /** Share of shapes on which the model is sure enough to answer, and its accuracy there. */
  readonly answered: number;
  readonly accuracyWhereAnswered: number;
  /** Share of ordinary commands that are called an attack. */
  readonly ordinaryCalledAttack: number;
}

/** Trains on rated lines, rules' examples and ordinary commands; copies of one shape share their weight as for severity. */
function trainAttackType(lines: readonly TypedLine[]): TrainedLinear {
  const vocabulary = chooseVocabulary(lines);
  const indices = vocabularyOf(vocabulary);
  const sizes = new Map<string, number>();
  const keyOf = ({ source, group }: TypedLine) => `${source} ${group}`;
  for (const line of lines) sizes.set(keyOf(line), (sizes.get(keyOf(line)) ?? 0) + 1);
  const examples: Example[] = lines.map((line) => ({
    features: encode(line.features, indices),
    target: line.target,
    weight: weights[line.source] * (sizes.get(keyOf(line)) ?? 1) ** -0.75,
  }));
  const model = trainLogistic(examples, vocabulary.length, attackTypeNames.length, {
    ...options,
    decay: () => options.decay,
  });
  return { vocabulary, model };
}

/** Trained on the whole corpus, with every `ordinaryStep`th of the ordinary lines. */
export function attackTypeFile(corpus: TypeCorpus, version: string, temperature: number): LinearModelFile {
  return toModelFile(trainAttackType(trainingLines(corpus)), attackTypeNames, version, temperature);
}

function trainingLines({ rated, examples, ordinary }: TypeCorpus): TypedLine[] {
  return [...rated, ...examples, ...ordinary.filter((_, at) => at % ordinaryStep === 0)];
}

interface Judged {
  readonly line: TypedLine;
  readonly scores: Float64Array;
}

/** Cross-validates in five folds grouped by line shape; rules' examples of a held-out shape do not train either. */
export function measureAttackType(corpus: TypeCorpus): AttackTypeFigures {
  const judged = judgeHeldOut(corpus);
  const rated = onePerShape(judged.filter(({ line }) => line.source === 'rated'));
  const temperature = fitTemperature(
    rated.map(({ line, scores: raw }) => ({ scores: raw, target: line.target, weight: 1 })),
  );
  const told = rated.map(({ line, scores: raw }) => {
    const chances = [...softmax(raw, temperature)];
    const order = chances.map((_, at) => at).sort((a, b) => (chances[b] ?? 0) - (chances[a] ?? 0));
    const best = order[0] ?? 0;
    return { line, best, order, chance: chances[best] ?? 0, right: line.types.includes(best) };
  });
  const sureness = told.map(({ chance }) => chance);
  const hits = told.map(({ right }) => right);
  const agreed = told.filter(({ line }) => new Set(line.types).size === 1);
  const answered = told.filter(({ chance }) => chance >= typeSure);
  const ordinary = judged.filter(({ line }) => line.source === 'ordinary');
  const none = attackTypeNames.indexOf('none');
  const share = (count: number, of: number) => count / Math.max(1, of);
  const rightOf = (items: typeof told) => share(items.filter(({ right }) => right).length, items.length);
  return {
    ratedLines: corpus.rated.length,
    shapes: rated.length,
    temperature,
    accuracy: rightOf(told),
    inFirstThree: share(
      told.filter(({ line, order }) => order.slice(0, 3).some((type) => line.types.includes(type))).length,
      told.length,
    ),
    macroF1: macroF1(
      confusionMatrix(
        agreed.map(({ line }) => line.types[0] ?? 0),
        agreed.map(({ best }) => best),
        attackTypeNames.length,
      ),
    ),
    ratersAgree: share(agreed.length, told.length),
    calibrationError: calibrationError(sureness, hits),
    calibration: calibrationCurve(sureness, hits),
    answered: share(answered.length, told.length),
    accuracyWhereAnswered: rightOf(answered),
    ordinaryCalledAttack: share(
      ordinary.filter(({ scores: raw }) => {
        const chances = softmax(raw, temperature);
        const best = chances.indexOf(Math.max(...chances));
        return best !== none && (chances[best] ?? 0) >= typeSure;
      }).length,
      ordinary.length,
    ),
  };
}

function judgeHeldOut(corpus: TypeCorpus): Judged[] {
  const judged: Judged[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const isHeldOut = ({ group }: TypedLine) => foldOf(group, folds) === fold;
    const model = trainAttackType(trainingLines(corpus).filter((line) => !isHeldOut(line)));
    const vocabulary = vocabularyOf(model.vocabulary);
    for (const line of [...corpus.rated, ...corpus.ordinary].filter(isHeldOut))
      judged.push({ line, scores: scores(model.model, encode(line.features, vocabulary)) });
  }
  return judged;
}

function onePerShape(judged: readonly Judged[]): Judged[] {
  const seen = new Set<string>();
  return judged.filter(({ line }) => !seen.has(line.group) && seen.add(line.group));
}
