import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { type Comparison, ModelCard } from '@cerberusmesh/contract/models';
import { createRecentAnswers } from '../../../kit/recent-answers.ts';
import { anomalyFeatures } from '../../anomaly-model.ts';
import { loadScorer, scorerOf } from '../../anomaly-scorer.ts';
import type { AttackRules } from '../../attack/compile-rules.ts';
import { judgeLine, type LineJudgement } from '../../judge-line.ts';
import { readKnownShapes } from '../../known-shapes.ts';
import { remembered } from '../../remembered.ts';
import { readSequenceFile } from '../../sequence-model.ts';
import { readModelFile, type SeverityModel, severityModelOf } from '../../severity-model.ts';
import { createTrafficProfile } from '../../traffic-profile.ts';
import { profileRow } from '../profile-rows.ts';
import { growForestFile } from '../train-anomaly.ts';
import { compare } from './compare.ts';
import type { EventRow, Gathered } from './gather.ts';
import { rankAgainstShuffled } from './rank-against-shuffled.ts';
import { relearnSessions } from './relearn-sessions.ts';
import { type Label, relearnSeverity } from './relearn-severity.ts';
import { relearnVisits } from './relearn-visits.ts';
import { relearnedCards } from './relearned-cards.ts';

export interface Relearned {
  /** Every file of the version by its name, those that were only taken over included. */
  readonly files: Readonly<Record<string, string>>;
  readonly cards: readonly ModelCard[];
  readonly comparisons: readonly Comparison[];
}

export interface RelearnJob {
  /** Folder of the version to go on from. */
  readonly parentFolder: string;
  readonly version: string;
  readonly gathered: Gathered;
  readonly labels: readonly Label[];
  /** What providers said, by address. */
  readonly reputations: ReadonlyMap<string, number>;
  readonly rules: AttackRules;
  readonly progress: (step: string, done: number) => void;
}

const eventsMin = 2000;
const sessionsMin = 100;
const rankMargin = 0.02;

/**
 * A new version from stored events and feedback. What has no labels (anomaly, shapes, sequences, session and visit anomaly) learns from the
 * events; severity learns from feedback alone, never from what the models said themselves; what neither of them can teach
 * (tactic, actor) is taken over. Measured on held-back sessions and shapes against the parent.
 * @throws CerberusError TRAINING_REFUSED
 */
export function relearn(job: RelearnJob): Relearned {
  const { parentFolder, version, gathered, labels, rules, progress } = job;
  refuseTooLittle(gathered);
  const path = (name: string) => join(parentFolder, `${name}.json`);

  progress('severity', 0.1);
  const severity = relearnSeverity(readModelFile(path('severity')), labels, rules, version);
  const severityModel = severityModelOf(severity.file);

  progress('anomaly', 0.3);
  const anomaly = growForestFile(rowsOf(gathered.trained), anomalyFeatures, version);
  const ranks = rankAgainstShuffled(gathered.heldBack, loadScorer(path('anomaly')), scorerOf(anomaly));
  const anomalyComparison = compare('anomaly: held-back events rank below mixed-up ones', ranks, rankMargin);

  progress('shapes and sessions', 0.5);
  const parents = {
    shapes: readKnownShapes(path('known-shapes')),
    sequence: readSequenceFile(path('sequence')),
    sessionAnomaly: loadScorer(path('session-anomaly')),
  };
  const sessions = relearnSessions(parents, gathered, severityModel, rules, version);

  progress('visits', 0.85);
  const visits = relearnVisits(loadScorer(path('visit-anomaly')), gathered.visits, job.reputations, version);

  progress('profile', 0.9);
  const scorer = scorerOf(anomaly);
  const profile = profileOf(gathered.heldBack, scorer.scoreRow, severityModel, rules, sessions.isKnownLine);
  const comparisons = [...severity.comparisons, anomalyComparison, ...sessions.comparisons, ...visits.comparisons];
  const named = readCards(parentFolder);
  const parts = { version, gathered, severity, anomaly, sessions, visits, comparisons };
  const cards = relearnedCards({ ...parts, parents: named.map(({ card }) => card) });
  const made = {
    ...(severity.learned ? { 'severity.json': severity.file } : {}),
    'anomaly.json': anomaly,
    'known-shapes.json': sessions.shapes,
    'sequence.json': sessions.sequence,
    ...(sessions.sessionAnomaly === null ? {} : { 'session-anomaly.json': sessions.sessionAnomaly }),
    ...(visits.file === null ? {} : { 'visit-anomaly.json': visits.file }),
    'profile.json': profile.toFile(version),
    ...Object.fromEntries(named.map(({ name }, at) => [name, cards[at]])),
  };
  return { files: { ...readTexts(parentFolder), ...textsOf(made) }, cards, comparisons };
}

function refuseTooLittle({ events, sessions, kinds, trained }: Gathered): void {
  const fault =
    events < eventsMin
      ? `Expected at least ${eventsMin} stored events, found ${events}`
      : sessions < sessionsMin
        ? `Expected events of at least ${sessionsMin} sessions, found ${sessions}`
        : kinds < 2 || isOneRow(trained)
          ? 'Expected events of more than one kind, and all of them are the same'
          : undefined;
  if (fault !== undefined)
    throw new CerberusError('TRAINING_REFUSED', `${fault}; wait for more, replay older logs, or name more days.`);
}

function isOneRow(rows: readonly EventRow[]): boolean {
  const first = rows[0]?.row.join(' ');
  return rows.every(({ row }) => row.join(' ') === first);
}

function rowsOf(rows: readonly EventRow[]): Float32Array[] {
  return rows.map(({ row }) => row);
}

/** How held-back events are spread, as the new models tell of them. */
function profileOf(
  heldBack: readonly EventRow[],
  scoreRow: (row: Float32Array) => number,
  severityModel: SeverityModel,
  rules: AttackRules,
  isKnownLine: (line: string) => boolean,
) {
  const profile = createTrafficProfile();
  const judged = createRecentAnswers<LineJudgement>(8192);
  for (const { event, row, severity, threatScore } of heldBack) {
    const { detail } = event;
    const told =
      detail.kind === 'command'
        ? remembered(judged, detail.input, () => judgeLine(detail.input, { severityModel }, rules))
        : { severity, threatScore, confidence: 1 };
    const assessment = {
      ...told,
      anomalyScore: scoreRow(row),
      attackType: '',
      why: '',
      techniques: [],
      partial: false,
    };
    profile.add(profileRow(event, { ...assessment, modelVersion: '' }, isKnownLine));
  }
  return profile;
}

function readTexts(folder: string): Record<string, string> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.json') && !name.endsWith('.card.json'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

function textsOf(files: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, `${JSON.stringify(file)}\n`]));
}

/** Cards of a folder with their files' names, in name order. */
export function readCards(folder: string): { readonly name: string; readonly card: ModelCard }[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.card.json'))
    .sort()
    .map((name) => ({ name, card: ModelCard.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))) }));
}
