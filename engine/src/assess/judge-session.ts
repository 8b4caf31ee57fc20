import type { TechniqueFinding } from '@cerberusmesh/contract/assessment';
import { graver, isGraver, type Severity } from '@cerberusmesh/contract/severity';
import { createRecentAnswers } from '../kit/recent-answers.ts';
import { actorFeatures, type TypedVisit } from './actor-features.ts';
import type { AnomalyScorer } from './anomaly-scorer.ts';
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
  /** In words what makes it unlike others; null below 0.8. */
  readonly anomalyWhy: string | null;
  readonly novelty: number;
  /** In words what was never seen; null where nothing was. */
  readonly noveltyWhy: string | null;
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
    const typedLines = 'statements' in input ? rejoined(input.statements) : input.commands.map(asTyped);
    const typed = typedLines.flatMap(({ statements }) => statements);
    const texts = typed.map(({ text }) => text);
    const lines = typedLines.map(({ line }) => line);
    const views = typed.map(view);
    const judgements = texts.map(judge);
    const tactics = parts.tacticModel.tell(views);
    const lineJudgements = lines.map(judge);
    const worst = worstOf([...judgements, ...lineJudgements]);
    const inLine = typedLines.flatMap(({ statements }, at) =>
      shareOut(lineJudgements[at]?.techniques ?? [], statements),
    );
    const shapes = views.map(({ shape }) => shape);
    const unknownShare = parts.knownShapes.unknownShare(shapes);
    const order = parts.sequence.tell(shapes);
    const row = sessionRow(texts, judgements, unknownShare);
    const actorScore = parts.humanChance(actorFeatures('statements' in input ? { commands: lines } : input));
    return {
      severity: worst?.severity ?? 'LOW',
      threatScore: worst?.threatScore ?? 0,
      anomalyScore: parts.sessionAnomaly.scoreRow(row),
      anomalyWhy: parts.sessionAnomaly.whyUnlike(row),
      novelty: order.novelty,
      noveltyWhy: order.why,
      perplexity: order.perplexity,
      oddestStatement: order.oddest < 0 ? null : order.oddest,
      actor: actorScore >= 0.5 ? 'human' : 'script',
      actorScore,
      attackType: worst?.attackType ?? 'none',
      confidence: worst?.confidence ?? 1,
      partial: [...judgements, ...lineJudgements].some(({ partial }) => partial),
      statements: texts.map((text, at) => ({
        ...assembled(text, unknownShare, judgements[at], tactics[at]),
        techniques: surestOfEach(judgements[at]?.techniques ?? [], inLine[at] ?? []),
      })),
    };
  };

  function assembled(
    text: string,
    unknownShare: number,
    judgement?: LineJudgement,
    told?: TacticVerdict,
  ): Omit<StatementAssessment, 'techniques'> {
    const { severity = 'LOW', ruleTactic = null } = judgement ?? {};
    const tactic = told === undefined ? 'Other' : tacticOf(told, ruleTactic, unknownShare);
    return { text, tactic, severity };
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

interface TypedLine {
  readonly line: string;
  readonly statements: readonly TypedStatement[];
}

function asTyped(line: string): TypedLine {
  return { line, statements: typedStatements(line) };
}

/**
 * What a whole line means, given to its statements by place: `tar` sends files away only because `nc` stands behind the
 * pipe, and neither says so alone. What stands in a loop belongs to the statement before it.
 */
function shareOut(
  techniques: readonly TechniqueFinding[],
  statements: readonly TypedStatement[],
): readonly TechniqueFinding[][] {
  const shares = statements.map((): TechniqueFinding[] => []);
  for (const { span, ...technique } of techniques) {
    const after = statements.findIndex(({ start }) => start > (span?.start ?? 0));
    const at = after < 0 ? statements.length - 1 : Math.max(0, after - 1);
    const { start = 0, text = '' } = statements[at] ?? {};
    const inStatement = (place: number) => Math.min(Math.max(0, place - start), text.length);
    shares[at]?.push(
      span === undefined
        ? technique
        : { ...technique, span: { start: inStatement(span.start), end: inStatement(span.end) } },
    );
  }
  return shares;
}

function surestOfEach(
  alone: readonly TechniqueFinding[],
  inLine: readonly TechniqueFinding[],
): readonly TechniqueFinding[] {
  if (inLine.length === 0) return alone;
  const surest = new Map(alone.map((finding) => [finding.id, finding]));
  for (const finding of inLine) {
    const known = surest.get(finding.id);
    if (known === undefined || known.confidence < finding.confidence) surest.set(finding.id, finding);
  }
  return [...surest.values()].sort((a, b) => b.confidence - a.confidence);
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

/**
 * Pipelines put together again from statements that kept their separators, since `echo … |` and `sh ;` only tell together.
 * A statement that somebody else split keeps its separator in its text.
 */
function rejoined(given: readonly string[]): TypedLine[] {
  const lines: TypedLine[] = [];
  let line = '';
  let statements: TypedStatement[] = [];
  for (const text of given) {
    if (line !== '') line += ' ';
    statements.push({ text, separator: '', start: line.length });
    line += text;
    if (/\|\s*$/.test(text) && !/\|\|\s*$/.test(text) && line.length < 8192) continue;
    lines.push({ line, statements });
    [line, statements] = ['', []];
  }
  return line === '' && statements.length === 0 ? lines : [...lines, { line, statements }];
}
