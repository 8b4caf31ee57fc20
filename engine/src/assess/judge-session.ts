import type { TechniqueFinding } from '@cerberusmesh/contract/assessment';
import { graver, isGraver, type Severity } from '@cerberusmesh/contract/severity';
import { createRecentAnswers } from '../kit/recent-answers.ts';
import { actorFeatures, type TypedVisit } from './actor-features.ts';
import type { AnomalyScorer } from './anomaly-model.ts';
import type { AttackRules } from './attack/compile-rules.ts';
import type { AttackTypeModel } from './attack-type.ts';
import { judgeLine, type LineJudgement } from './judge-line.ts';
import type { KnownShapes } from './known-shapes.ts';
import { remembered } from './remembered.ts';
import type { SequenceModel } from './sequence-model.ts';
import { sessionRow } from './session-row.ts';
import type { SeverityModel } from './severity-model.ts';
import { type StatementView, viewStatement } from './statement-features.ts';
import { type TypedStatement, typedStatements } from './statement-texts.ts';
import type { TacticModel, TacticVerdict } from './tactic-model.ts';

export interface StatementAssessment {
  readonly text: string;
  readonly tactic: string;
  readonly techniques: readonly TechniqueFinding[];
  readonly severity: Severity;
}

/** What `cerberus assess` tells of one session. */
export interface SessionAssessment {
  readonly severity: Severity;
  readonly threatScore: number;
  readonly anomalyScore: number;
  readonly novelty: number;
  /** How many next steps the sequence model hesitated between, and the index of the statement that surprised it most. */
  readonly perplexity: number;
  readonly oddestStatement: number | null;
  readonly actor: 'script' | 'human';
  readonly actorScore: number;
  readonly attackType: string;
  readonly confidence: number;
  readonly partial: boolean;
  readonly statements: readonly StatementAssessment[];
}

export interface SessionParts {
  readonly severityModel: SeverityModel;
  readonly attackTypeModel: AttackTypeModel;
  readonly tacticModel: TacticModel;
  readonly sessionAnomaly: AnomalyScorer;
  readonly knownShapes: KnownShapes;
  readonly sequence: SequenceModel;
  /** Chance that a person typed, from what was typed. */
  readonly humanChance: (features: ReadonlySet<string>) => number;
  readonly rules: AttackRules;
}

/** Either whole command lines, with their times where they are known, or statements that somebody has split already. */
export type SessionInput = TypedVisit | { readonly statements: readonly string[] };

/** Below this certainty of the tactic model, a rule may name the tactic. */
const tacticSure = 0.6;
const unknownShareMax = 0.6;
const unknownSessionBelief = 0.5;

/** Makes the judge of whole sessions from what was typed. It keeps the answers to the latest texts, which only saves work. */
export function createSessionJudge(parts: SessionParts) {
  const { rules } = parts;
  const judged = createRecentAnswers<LineJudgement>(keptMax);
  const viewed = createRecentAnswers<StatementView>(keptMax);

  return function judgeSession(input: SessionInput): SessionAssessment {
    const typed = 'statements' in input ? input.statements.map(asGiven) : input.commands.flatMap(typedStatements);
    const texts = typed.map(({ text }) => text);
    const lines = 'statements' in input ? rejoined(input.statements) : input.commands;
    const views = typed.map(view);
    const judgements = texts.map(judge);
    const tactics = parts.tacticModel.tell(views);
    const worst = worstOf([...judgements, ...lines.map(judge)]);
    const shapes = views.map(({ shape }) => shape);
    const unknownShare = parts.knownShapes.unknownShare(shapes);
    const order = parts.sequence.tell(shapes);
    const actorScore = parts.humanChance(actorFeatures('statements' in input ? { commands: lines } : input));
    return {
      severity: worst?.severity ?? 'LOW',
      threatScore: worst?.threatScore ?? 0,
      anomalyScore: parts.sessionAnomaly.scoreRow(sessionRow(texts, judgements, unknownShare)),
      novelty: order.novelty,
      perplexity: order.perplexity,
      oddestStatement: order.oddest < 0 ? null : order.oddest,
      actor: actorScore >= 0.5 ? 'human' : 'script',
      actorScore,
      attackType: worst?.attackType ?? 'none',
      confidence: worst?.confidence ?? 1,
      partial: judgements.some(({ partial }) => partial),
      statements: texts.map((text, at) => assembled(text, unknownShare, judgements[at], tactics[at])),
    };
  };

  function assembled(
    text: string,
    unknownShare: number,
    judgement?: LineJudgement,
    told?: TacticVerdict,
  ): StatementAssessment {
    const { techniques = [], severity = 'LOW', ruleTactic = null } = judgement ?? {};
    const tactic = told === undefined ? 'Other' : tacticOf(told, ruleTactic, unknownShare);
    return { text, tactic, techniques, severity };
  }

  function judge(text: string): LineJudgement {
    return remembered(judged, text, () => judgeLine(text, parts, rules));
  }

  function view({ text, separator }: TypedStatement): StatementView {
    const whole = separator === '' ? text : `${text} ${separator}`;
    return remembered(viewed, whole, () => viewStatement(whole, rules));
  }
}

/** Texts whose answers are kept: a session of 27,742 commands mostly repeats a few. */
const keptMax = 4_096;

/**
 * The tactic model knows what bots do, in context. In a session of which most shapes were never seen it is believed
 * half, and a rule that is surer names the tactic. Two of the model's answers stand: `Other`, its word for tactics
 * beyond its classes, and `Execution` for fetching a payload, which is how its labellers saw it.
 */
export function tacticOf(told: TacticVerdict, byRule: LineJudgement['ruleTactic'], unknownShare: number): string {
  if (told.confidence >= tacticSure && told.tactic === 'Other') return told.tactic;
  if (told.tactic === 'Execution' && byRule?.tactic === 'Command and Control') return told.tactic;
  const belief = told.confidence * (unknownShare > unknownShareMax ? unknownSessionBelief : 1);
  return byRule !== null && belief < tacticSure && byRule.confidence > belief ? byRule.tactic : told.tactic;
}

/** A statement that somebody else split keeps its separator in its text. */
function asGiven(text: string): TypedStatement {
  return { text, separator: '' };
}

function worstOf(judgements: readonly LineJudgement[]): LineJudgement | undefined {
  let worst: LineJudgement | undefined;
  for (const judgement of judgements) {
    if (worst === undefined || isGraver(judgement.severity, worst.severity)) worst = judgement;
    else if (
      graver(judgement.severity, worst.severity) === judgement.severity &&
      judgement.threatScore > worst.threatScore
    )
      worst = judgement;
  }
  return worst;
}

/** Pipelines put together again from statements that kept their separators, since `echo … |` and `sh ;` only tell together. */
function rejoined(statements: readonly string[]): string[] {
  const lines: string[] = [];
  let open = '';
  for (const statement of statements) {
    open = open === '' ? statement : `${open} ${statement}`;
    if (/\|\s*$/.test(statement) && !/\|\|\s*$/.test(statement) && open.length < 8192) continue;
    lines.push(open);
    open = '';
  }
  return open === '' ? lines : [...lines, open];
}
