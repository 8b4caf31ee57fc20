import { CerberusError } from '@cerberusmesh/contract/errors';
import { actorFeatures, type TypedVisit } from '../actor-features.ts';
import { type Example, scores, softmax, trainLogistic } from '../learn/logistic.ts';
import { areaUnderCurve, bootstrapInterval } from '../learn/metrics.ts';
import { createRandom } from '../learn/random.ts';
import { encode, type LinearModelFile, vocabularyOf } from '../severity-model.ts';
import { foldOf } from './folds.ts';
import { type TrainedLinear, toModelFile } from './train-severity.ts';

const actorLabels = ['script', 'human'] as const;
const options = { epochs: 80, learningRate: 0.2, decay: () => 0.5, seed: 7 };
const folds = 5;

export interface ActorSession {
  readonly features: ReadonlySet<string>;
  readonly human: boolean;
  readonly group: string;
}

export interface ActorFigures {
  readonly humans: number;
  readonly scripts: number;
  readonly auc: number;
  readonly aucInterval: readonly [number, number];
}

/** A visit is shorter than a training sandbox, so sandboxes are also told in pieces of these lengths. */
const pieceLengths = [4, 10, 25] as const;

/**
 * Sessions of people and of scripts, each with the times of its commands where they are known and without. A person's sandbox is taken whole and in pieces, all of one group; scripts that
 * typed the same lines are one group and kept once.
 */
export function actorSessions(humans: readonly TypedVisit[], scripts: readonly TypedVisit[]): ActorSession[] {
  const seen = new Set<string>();
  const people = humans.flatMap((visit, at) =>
    [visit, ...pieceLengths.map((length, piece) => pieceOf(visit, length, at + piece))].flatMap((part) =>
      withAndWithoutTimes(part).map((told) => ({ features: actorFeatures(told), human: true, group: `human ${at}` })),
    ),
  );
  const machines = scripts
    .map((visit) => ({ visit, group: visit.commands.join('\n').replace(/[A-Za-z0-9]{10,}|\d+/g, '#') }))
    .filter(({ group, visit }) => visit.commands.length > 0 && !seen.has(group) && seen.add(group))
    .flatMap(({ visit, group }) =>
      withAndWithoutTimes(visit).map((told) => ({ features: actorFeatures(told), human: false, group })),
    );
  return [...people, ...machines];
}

/** One piece per sandbox and length, from a place that differs from sandbox to sandbox. */
function pieceOf({ commands, epochsMs }: TypedVisit, length: number, salt: number): TypedVisit {
  const start = commands.length <= length ? 0 : (salt * 7919) % (commands.length - length);
  const piece = commands.slice(start, start + length);
  return epochsMs === undefined
    ? { commands: piece }
    : { commands: piece, epochsMs: epochsMs.slice(start, start + length) };
}

/** Times are not always known, so a visit that has them is told both ways. */
function withAndWithoutTimes(visit: TypedVisit): TypedVisit[] {
  return visit.epochsMs === undefined ? [visit] : [visit, { commands: visit.commands }];
}

/** Trained on all sessions; `measureActor` says how good one is on those that it has not seen. */
export function trainActor(sessions: readonly ActorSession[], version: string): LinearModelFile {
  return toModelFile(train(sessions), actorLabels, version, 1);
}

/** Cross-validates in five folds; the area under the curve is the chance that a person is ranked above a script. */
export function measureActor(sessions: readonly ActorSession[]): ActorFigures {
  const answers: { human: boolean; chance: number }[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const model = train(sessions.filter(({ group }) => foldOf(group, folds) !== fold));
    const vocabulary = vocabularyOf(model.vocabulary);
    for (const { features, human, group } of sessions) {
      if (foldOf(group, folds) === fold)
        answers.push({ human, chance: softmax(scores(model.model, encode(features, vocabulary)), 1)[1] ?? 0 });
    }
  }
  const area = (items: readonly number[]) => {
    const chosen = items.flatMap((at) => answers[at] ?? []);
    const chances = (human: boolean) => chosen.filter((one) => one.human === human).map(({ chance }) => chance);
    return areaUnderCurve(chances(true), chances(false));
  };
  const every = answers.map((_, at) => at);
  return {
    humans: answers.filter(({ human }) => human).length,
    scripts: answers.filter(({ human }) => !human).length,
    auc: area(every),
    aucInterval: bootstrapInterval(
      every.map((at) => [at]),
      area,
      createRandom(23),
      200,
    ),
  };
}

function train(sessions: readonly ActorSession[]): TrainedLinear {
  const humans = sessions.filter(({ human }) => human).length;
  if (humans === 0 || humans === sessions.length) {
    throw new CerberusError(
      'MODEL_UNUSABLE',
      'Expected sessions of people and of scripts to train the actor model, found one kind only.',
    );
  }
  const vocabulary = [...new Set(sessions.flatMap(({ features }) => [...features]))].sort();
  const indices = vocabularyOf(vocabulary);
  const examples: Example[] = sessions.map(({ features, human }) => ({
    features: encode(features, indices),
    target: Float64Array.of(human ? 0 : 1, human ? 1 : 0),
    weight: human ? 1 : Math.min(1, humans / (sessions.length - humans)),
  }));
  return { vocabulary, model: trainLogistic(examples, vocabulary.length, 2, options) };
}
