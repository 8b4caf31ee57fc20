import type { TechniqueFinding } from '@cerberusmesh/contract/assessment';
import { graver, isGraver, type Severity } from '@cerberusmesh/contract/severity';
import { actorFeatures } from './actor-features.ts';
import type { AnomalyScorer } from './anomaly-model.ts';
import type { Catalogue } from './attack/catalogue.ts';
import type { AttackRules } from './attack/compile-rules.ts';
import { judgeLine, type LineJudgement } from './judge-line.ts';
import type { KnownShapes } from './known-shapes.ts';
import { sessionRow } from './session-row.ts';
import type { SeverityModel } from './severity-model.ts';
import { type StatementView, viewStatement } from './statement-features.ts';
import { statementTexts } from './statement-texts.ts';
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
  readonly actor: 'script' | 'human';
  readonly actorScore: number;
  readonly attackType: string;
  readonly confidence: number;
  readonly partial: boolean;
  readonly statements: readonly StatementAssessment[];
}

export interface SessionParts {
  readonly severityModel: SeverityModel;
  readonly tacticModel: TacticModel;
  readonly sessionAnomaly: AnomalyScorer;
  readonly knownShapes: KnownShapes;
  /** Chance that a person typed, from what was typed. */
  readonly humanChance: (features: ReadonlySet<string>) => number;
  readonly rules: AttackRules;
  readonly catalogue: Catalogue;
}

/** Either whole command lines, or statements that somebody has split already. */
export type SessionInput = { readonly commands: readonly string[] } | { readonly statements: readonly string[] };

/** Below this certainty of the tactic model, a technique that a rule found may name the tactic. */
const tacticSure = 0.6;

/** Assesses a whole session from what was typed. `judge` and `view` may be caching forms of the plain functions. */
export function createSessionJudge(parts: SessionParts) {
  const { rules, severityModel } = parts;
  const judged = new Map<string, LineJudgement>();
  const viewed = new Map<string, StatementView>();
  const cacheMax = 4_096;

  return function judgeSession(input: SessionInput): SessionAssessment {
    const texts = 'statements' in input ? input.statements : input.commands.flatMap(statementTexts);
    const lines = 'statements' in input ? rejoined(input.statements) : input.commands;
    const views = texts.map(view);
    const judgements = texts.map(judge);
    const tactics = parts.tacticModel.tell(views);
    const worst = worstOf([...judgements, ...lines.map(judge)]);
    const shapes = views.map(({ shape }) => shape);
    const actorScore = parts.humanChance(actorFeatures(lines));
    return {
      severity: worst?.severity ?? 'LOW',
      threatScore: worst?.threatScore ?? 0,
      anomalyScore: parts.sessionAnomaly.scoreRow(
        sessionRow(texts, judgements, parts.knownShapes.unknownShare(shapes)),
      ),
      novelty: parts.knownShapes.novelty(shapes),
      actor: actorScore >= 0.5 ? 'human' : 'script',
      actorScore,
      attackType: worst?.attackType ?? 'none',
      confidence: worst?.confidence ?? 1,
      partial: judgements.some(({ partial }) => partial),
      statements: texts.map((text, at) => statementOf(text, judgements[at], tactics[at], parts.catalogue)),
    };
  };

  function judge(text: string): LineJudgement {
    return remembered(judged, text, () => judgeLine(text, severityModel, rules));
  }

  function view(text: string): StatementView {
    return remembered(viewed, text, () => viewStatement(text, rules));
  }

  function remembered<V>(known: Map<string, V>, text: string, make: () => V): V {
    const before = known.get(text);
    if (before !== undefined) return before;
    const value = make();
    if (known.size >= cacheMax) known.clear();
    if (text.length <= cacheMax) known.set(text, value);
    return value;
  }
}

function statementOf(
  text: string,
  judgement: LineJudgement | undefined,
  tactic: TacticVerdict | undefined,
  catalogue: Catalogue,
): StatementAssessment {
  const techniques = judgement?.techniques ?? [];
  return {
    text,
    tactic: tacticOf(tactic, techniques[0], catalogue),
    techniques,
    severity: judgement?.severity ?? 'LOW',
  };
}

function tacticOf(told: TacticVerdict | undefined, surest: TechniqueFinding | undefined, catalogue: Catalogue): string {
  if (told !== undefined && told.confidence >= tacticSure) return told.tactic;
  const byRule = surest === undefined ? undefined : catalogue.tacticsOf(surest.id)[0];
  return byRule !== undefined && (surest?.confidence ?? 0) > (told?.confidence ?? 0)
    ? byRule
    : (told?.tactic ?? 'Other');
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
