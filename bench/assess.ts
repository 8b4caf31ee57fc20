import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { SessionState } from '@cerberusmesh/contract/assessment';
import { loadCatalogue } from '../engine/src/assess/attack/catalogue.ts';
import { loadRules } from '../engine/src/assess/attack/load-rules.ts';
import { evaluateTechniques } from '../engine/src/assess/evaluate.ts';
import { judgeLine } from '../engine/src/assess/judge-line.ts';
import { loadAssess } from '../engine/src/assess/load-assess.ts';
import { loadVisitJudge } from '../engine/src/assess/load-visit-judge.ts';
import { loadSequenceModel } from '../engine/src/assess/sequence-model.ts';
import { afterEvent, startSession } from '../engine/src/assess/session-state.ts';
import { loadSeverityModel } from '../engine/src/assess/severity-model.ts';
import { statementTexts } from '../engine/src/assess/statement-texts.ts';
import { administrationLines } from '../engine/src/assess/train/administration-lines.ts';
import { readTypeCorpus } from '../engine/src/assess/train/attack-type-data.ts';
import { labelAgreement } from '../engine/src/assess/train/label-agreement.ts';
import { measureSequence } from '../engine/src/assess/train/measure-sequence.ts';
import { measureSeverity } from '../engine/src/assess/train/measure-severity.ts';
import { measureTacticAnswers } from '../engine/src/assess/train/measure-tactic-answers.ts';
import { readLabelledSessions } from '../engine/src/assess/train/session-data.ts';
import { readOrdinaryLines, readRatedLines, ruleExampleLines } from '../engine/src/assess/train/severity-data.ts';
import { actorSessions, measureActor } from '../engine/src/assess/train/train-actor.ts';
import { measureAttackType } from '../engine/src/assess/train/train-attack-type.ts';
import { crossValidateTactics, measureTactics, readTacticSessions } from '../engine/src/assess/train/train-tactics.ts';
import { createShapeReader, readTypedSessions, type TypedSessions } from '../engine/src/assess/train/typed-sessions.ts';
import { loggedEvents } from '../engine/src/commands/train.ts';

const project = join(import.meta.dirname, '..');

/**
 * The figures of the assess stage, each with its method. `data` is the folder of labelled data and logs, by default
 * `../shared/data` beside the project; the data are no part of it. Throws a clear sentence where they are absent.
 */
export async function benchAssess({ data }: { data?: string }): Promise<object> {
  const from = resolve(data ?? join(project, '../shared/data'));
  if (!existsSync(join(from, 'labelled'))) {
    throw new Error(`Expected the labelled data in ${from}; name their folder with --data.`);
  }
  return figures(from);
}

function figures(from: string) {
  const policy = join(project, 'policy/attack');
  const rules = loadRules(policy);
  const rated = readRatedLines(from, rules);
  const ordinary = readOrdinaryLines(from, rules);
  const sessions = readLabelledSessions(join(from, 'labelled/logprecis_dev.jsonl'));
  const labelled = readTacticSessions(sessions, rules);
  const verdicts = crossValidateTactics(labelled);
  const severityModel = loadSeverityModel(join(project, 'models/severity.json'));
  const typed = readTypedSessions(from, loggedEvents(join(from, 'raw')));
  return {
    severity: {
      method: 'five folds grouped by line shape; ordinary lines measured by models that never saw their shape',
      ...measureSeverity({ rated, ordinary, examples: [...ruleExampleLines(rules), ...administrationLines(rules)] }),
    },
    ordinaryTechniques: {
      method:
        'share of nl2bash lines given any technique with confidence >= 0.7, by the shipped severity model (half of the lines were in its training)',
      share:
        ordinary.filter(({ text }) =>
          judgeLine(text, { severityModel }, rules).techniques.some(({ confidence }) => confidence >= 0.7),
        ).length / ordinary.length,
    },
    attackType: {
      method: 'five folds grouped by line shape, one line per shape; right where it is what either rater meant',
      ...measureAttackType(readTypeCorpus(from, rules)),
    },
    tactics: {
      method: 'ten folds grouped by the statement shapes of the session',
      ...measureTactics(labelled, verdicts),
    },
    tacticAnswers: {
      method: 'the same folds, as the product answers: a surer rule names the tactic instead of the model',
      ...measureTacticAnswers(
        labelled.map((session, at) => ({
          session,
          verdicts: verdicts[at] ?? [],
          byRule: (sessions[at]?.statements ?? []).map((text) => judgeLine(text, { severityModel }, rules).ruleTactic),
        })),
        shapesOf(typed),
      ),
    },
    tacticLabels: {
      method: 'statements that stand between the same neighbours in another script: do their labels agree?',
      ...labelAgreement(labelled, 1),
    },
    techniques: {
      method:
        'Atomic Red Team, Linux; ids in paths taken out; rules only, no part of the ranking was learned from these tests; the rules’ author saw the dev tests',
      ...evaluateTechniques(
        join(from, 'labelled/atomic_linux_dev.jsonl'),
        rules,
        severityModel,
        loadCatalogue(join(policy, 'catalogue.json')),
      ),
    },
    actor: {
      method:
        'five folds; sandboxes of people, whole and in pieces, against one session of each script in raw/; each with its times and without',
      ...measureActor(actorSessions(typed.human, typed.logged)),
    },
    novelty: {
      method:
        'a fifth of the families of scripts held back whole, a fifth of the scripts of the others; chance that the first is called newer',
      ...novelty(typed),
    },
    signals: {
      method: 'actor and novelty of the session so far, asked after every command of raw/, as decide asks once a batch',
      ...signals(from),
    },
    cost: {
      method:
        'every event of raw/ in order through the stage as the server builds it, one process, cache cold at the start',
      ...cost(from),
    },
  };
}

function shapesOf({ logged }: TypedSessions): ReadonlySet<string> {
  const shapeOf = createShapeReader();
  return new Set(logged.flatMap(({ commands }) => commands.flatMap(statementTexts).map(shapeOf)));
}

function novelty({ logged, published, human }: TypedSessions) {
  const shapeOf = createShapeReader();
  const shaped = (sessions: readonly (readonly string[])[]) => sessions.map((texts) => texts.map(shapeOf));
  const bots = shaped([...logged.map(({ commands }) => commands.flatMap(statementTexts)), ...published]);
  const figures = measureSequence(bots, shaped(human.map(({ commands }) => commands.flatMap(statementTexts))));
  const model = loadSequenceModel(join(project, 'models/sequence.json'));
  const started = process.cpuUsage();
  for (const session of bots) model.tell(session);
  const { user, system } = process.cpuUsage(started);
  const statements = bots.reduce((sum, session) => sum + session.length, 0);
  return { ...figures, statements, cpuMicrosecondsPerStatement: (user + system) / statements };
}

/** What decide asks of a session under way, after every command of raw/. */
function signals(from: string) {
  const { soFar } = loadVisitJudge(join(project, 'models'));
  const states = new Map<string, SessionState>();
  let [asked, microseconds] = [0, 0];
  for (const event of loggedEvents(join(from, 'raw'))) {
    const key = `${event.sensor} ${event.sessionId}`;
    const told = { severity: 'LOW', threatScore: 0, techniques: [] } as const;
    const state = afterEvent(states.get(key) ?? startSession(event), event, told);
    states.set(key, state);
    if (event.detail.kind !== 'command') continue;
    const started = process.cpuUsage();
    soFar(state);
    const { user, system } = process.cpuUsage(started);
    microseconds += user + system;
    asked++;
  }
  return { asked, cpuMicrosecondsEach: microseconds / asked };
}

function cost(from: string) {
  const assess = loadAssess({ modelsFolder: join(project, 'models'), policyFolder: join(project, 'policy') });
  const states = new Map<string, ReturnType<typeof startSession>>();
  const events = [...loggedEvents(join(from, 'raw'))];
  const started = process.cpuUsage();
  let slowestMs = 0;
  for (const event of events) {
    const key = `${event.sensor} ${event.sessionId}`;
    const before = performance.now();
    states.set(key, assess(event, states.get(key) ?? startSession(event)).session);
    slowestMs = Math.max(slowestMs, performance.now() - before);
  }
  const { user, system } = process.cpuUsage(started);
  return { events: events.length, cpuMicrosecondsPerEvent: (user + system) / events.length, slowestEventMs: slowestMs };
}
