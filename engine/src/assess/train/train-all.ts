import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assess } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { Severity } from '@cerberusmesh/contract/severity';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import { type AnomalyModel, anomalyModelOf, loadAnomalyModel } from '../anomaly-model.ts';
import { createAssess } from '../assess.ts';
import type { AttackRules } from '../attack/compile-rules.ts';
import { type Credentials, countCredentials, credentialsOf, loadCredentials } from '../credential-model.ts';
import { judgeLine } from '../judge-line.ts';
import { gatherShapes, knownShapesOf } from '../known-shapes.ts';
import { remembered } from '../remembered.ts';
import { countSequences } from '../sequence-model.ts';
import { sessionRow, sessionRowFeatures } from '../session-row.ts';
import { loadSeverityModel, severityModelOf } from '../severity-model.ts';
import { statementTexts } from '../statement-texts.ts';
import { createTrafficProfile } from '../traffic-profile.ts';
import { administrationLines } from './administration-lines.ts';
import { readTypeCorpus } from './attack-type-data.ts';
import { cardText, type ModelCard } from './card.ts';
import { anomalyCard, sessionAnomalyCard, visitAnomalyCard } from './cards/anomaly-cards.ts';
import { attackTypeCard, severityCard } from './cards/line-cards.ts';
import { actorCard, tacticCard } from './cards/session-cards.ts';
import { credentialsCard, sequenceCard, shapesCard } from './cards/usual-cards.ts';
import { measureSequence } from './measure-sequence.ts';
import { measureSeverity, type SeverityCorpus, trainingLines } from './measure-severity.ts';
import { heldBackShapes, profileRows } from './profile-rows.ts';
import { readCredentials, readLabelledSessions } from './session-data.ts';
import { readOrdinaryLines, readRatedLines, ruleExampleLines } from './severity-data.ts';
import { actorSessions, measureActor, trainActor } from './train-actor.ts';
import { growForestFile, trainAnomaly } from './train-anomaly.ts';
import { attackTypeFile, measureAttackType } from './train-attack-type.ts';
import { toModelFile, trainSeverity } from './train-severity.ts';
import { measureTactics, readTacticSessions, trainTactics } from './train-tactics.ts';
import { trainVisits } from './train-visits.ts';
import { createShapeReader, readTypedSessions, type TypedSessions } from './typed-sessions.ts';

/** What can be trained by itself; `sessions` are the models of what whole sessions look like. */
export const trainableParts = [
  'severity',
  'attack-type',
  'tactic',
  'actor',
  'credentials',
  'anomaly',
  'sessions',
  'visits',
  'profile',
] as const;
export type TrainablePart = (typeof trainableParts)[number];
/** Those that read the sessions of all logs, which takes longest. */
const sessionParts: readonly TrainablePart[] = ['actor', 'credentials', 'anomaly', 'sessions', 'visits', 'profile'];

export interface TrainJob {
  /** Folder with the labelled data; its layout is that of the data's README. */
  readonly from: string;
  readonly out: string;
  /** The parts to train; the others are read from `out` where one of these builds on them. */
  readonly parts: ReadonlySet<TrainablePart>;
  readonly version: string;
  readonly rules: AttackRules;
  /** Events of real honeypots, in order. Called more than once. */
  readonly events: () => Iterable<SensorEvent>;
  readonly progress: (step: string) => void;
}

const keptMax = 65_536;

/** Trains, measures and writes models with their cards. The same data give the same files. */
export function trainAll(job: TrainJob): void {
  const { parts, out } = job;
  mkdirSync(out, { recursive: true });
  const severity = parts.has('severity') ? trainSeverityModel(job) : loadSeverityModel(join(out, 'severity.json'));
  if (parts.has('attack-type')) trainAttackTypeModel(job);
  if (parts.has('tactic')) trainTacticModel(job);
  if (sessionParts.every((part) => !parts.has(part))) return;
  job.progress('sessions: reading');
  const sessions = readTypedSessions(job.from, job.events());
  if (parts.has('actor')) trainActorModel(job, sessions);
  const credentials = parts.has('credentials')
    ? trainCredentialModel(job)
    : loadCredentials(join(out, 'credentials.json'));
  const anomaly = parts.has('anomaly')
    ? trainAnomalyModel(job, severity, credentials)
    : loadAnomalyModel(join(out, 'anomaly.json'));
  if (parts.has('sessions')) trainSessionModels(job, severity, sessions);
  if (parts.has('visits')) trainVisitModel(job, credentials);
  if (parts.has('profile'))
    writeProfile(
      job,
      createAssess({ severityModel: severity, anomalyModel: anomaly, credentials, rules: job.rules }),
      sessions,
    );
}

function trainSeverityModel(job: TrainJob) {
  job.progress('severity: reading');
  const corpus: SeverityCorpus = {
    rated: readRatedLines(job.from, job.rules),
    ordinary: readOrdinaryLines(job.from, job.rules),
    examples: [...ruleExampleLines(job.rules), ...administrationLines(job.rules)],
  };
  job.progress('severity: measuring');
  const figures = measureSeverity(corpus);
  job.progress('severity: training');
  const trained = trainSeverity(trainingLines(corpus));
  const file = toModelFile(trained, Severity.options, job.version, figures.temperature);
  write(job, 'severity', file, severityCard(job.version, corpus, figures, file.features.length));
  return severityModelOf(file);
}

function trainAttackTypeModel(job: TrainJob): void {
  job.progress('attack type: reading');
  const corpus = readTypeCorpus(job.from, job.rules);
  job.progress('attack type: measuring');
  const figures = measureAttackType(corpus);
  job.progress('attack type: training');
  const file = attackTypeFile(corpus, job.version, figures.temperature);
  write(job, 'attack-type', file, attackTypeCard(job.version, corpus, figures, file.features.length));
}

function trainTacticModel(job: TrainJob): void {
  job.progress('tactic: measuring');
  const sessions = readTacticSessions(readLabelledSessions(join(job.from, 'labelled/logprecis_dev.jsonl')), job.rules);
  const figures = measureTactics(sessions);
  job.progress('tactic: training');
  const file = trainTactics(sessions, job.version);
  write(job, 'tactic', file, tacticCard(job.version, figures, file.features.length));
}

function trainActorModel(job: TrainJob, { logged, published, human }: TypedSessions): void {
  job.progress('actor: training');
  const sessions = actorSessions(human, [...logged, ...published.map((commands) => ({ commands }))]);
  const file = trainActor(sessions, job.version);
  write(job, 'actor', file, actorCard(job.version, measureActor(sessions), file.features.length));
}

function trainCredentialModel(job: TrainJob): Credentials {
  job.progress('credentials: counting');
  const tried = readCredentials(join(job.from, 'credentials/mduckdev_userpass_counts.jsonl'));
  const file = countCredentials(tried, job.version);
  write(job, 'credentials', file, credentialsCard(job.version, tried));
  return credentialsOf(file);
}

function trainAnomalyModel(
  job: TrainJob,
  severityModel: ReturnType<typeof severityModelOf>,
  credentials: Credentials,
): AnomalyModel {
  job.progress('anomaly: training');
  // The forest is trained on what the stage itself tells of each event; its own score plays no part in that.
  const assess = createAssess({
    severityModel,
    anomalyModel: { version: 'training', score: () => 0 },
    credentials,
    rules: job.rules,
  });
  const { file, events, sessions } = trainAnomaly(job.events(), assess, job.version);
  write(job, 'anomaly', file, anomalyCard(job.version, events, sessions));
  return anomalyModelOf(file);
}

function trainVisitModel(job: TrainJob, credentials: Credentials): void {
  job.progress('visits: training');
  const { file, sessions } = trainVisits(job.events(), credentials, job.version);
  write(job, 'visit-anomaly', file, visitAnomalyCard(job.version, sessions));
}

function trainSessionModels(
  job: TrainJob,
  severityModel: ReturnType<typeof severityModelOf>,
  { logged, published, human }: TypedSessions,
): void {
  job.progress('shapes, sequences and session anomaly: training');
  const sessions = [...logged.map(({ commands }) => commands.flatMap(statementTexts)), ...published];
  const shapeOf = createShapeReader();
  const shaped = sessions.map((texts) => texts.map(shapeOf));
  const known = gatherShapes(shaped, job.version);
  write(job, 'known-shapes', known, shapesCard(job.version, sessions.length));
  const figures = measureSequence(
    shaped,
    human.map(({ commands }) => commands.flatMap(statementTexts).map(shapeOf)),
  );
  write(job, 'sequence', countSequences(shaped, job.version), sequenceCard(job.version, sessions.length, figures));
  const judgements = createRecentAnswers<ReturnType<typeof judgeLine>>(keptMax);
  const { unknownShare } = knownShapesOf(known);
  const rows = sessions.map((texts) =>
    sessionRow(
      texts,
      texts.map((text) => remembered(judgements, text, () => judgeLine(text, { severityModel }, job.rules))),
      unknownShare(texts.map(shapeOf)),
    ),
  );
  write(
    job,
    'session-anomaly',
    growForestFile(rows, sessionRowFeatures, job.version),
    sessionAnomalyCard(job.version, rows.length),
  );
}

/** How the training events are spread, as the finished models tell of them: what drift is measured against. */
function writeProfile(job: TrainJob, assess: Assess, { logged }: TypedSessions): void {
  job.progress('profile: counting');
  const isKnownShape = heldBackShapes(
    logged.map(({ commands }) => commands),
    job.rules,
  );
  const profile = createTrafficProfile();
  for (const row of profileRows(job.events(), assess, isKnownShape)) profile.add(row);
  writeFileSync(join(job.out, 'profile.json'), `${JSON.stringify(profile.toFile(job.version))}\n`);
}

function write(job: TrainJob, name: string, file: unknown, card: ModelCard): void {
  writeFileSync(join(job.out, `${name}.json`), `${JSON.stringify(file)}\n`);
  writeFileSync(join(job.out, `${name}.card.json`), `${JSON.stringify(card, null, 2)}\n`);
  writeFileSync(join(job.out, `${name}.card.md`), cardText(card));
}
