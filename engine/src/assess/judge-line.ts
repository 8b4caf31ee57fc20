import type { TechniqueFinding } from '@cerberusmesh/contract/assessment';
import type { Severity } from '@cerberusmesh/contract/severity';
import type { AttackRules, RuleHit } from './attack/compile-rules.ts';
import { type AttackTypeModel, unnamed } from './attack-type.ts';
import { lineFeatures, partFeatures } from './line-features.ts';
import type { SeverityModel, SeverityVerdict } from './severity-model.ts';
import { readShell } from './shell/read-shell.ts';
import type { ShellReading, Span } from './shell/statement.ts';

/** All that is told of one command line without its session. */
export interface LineJudgement {
  readonly severity: Severity;
  readonly confidence: number;
  readonly severeChance: number;
  readonly threatScore: number;
  readonly attackType: string;
  readonly attackTypeConfidence: number;
  /** Of the surest rule, with what is left of its confidence; null where no rule matched. */
  readonly ruleTactic: { readonly tactic: string; readonly confidence: number } | null;
  readonly why: string;
  readonly techniques: readonly TechniqueFinding[];
  readonly partial: boolean;
}

export interface LineModels {
  readonly severityModel: SeverityModel;
  /** Absent where nobody asks for types. */
  readonly attackTypeModel?: AttackTypeModel;
}

const techniquesMax = 12;
const ordinaryDiscount = 1 / 3;
const secondTechniqueShare = 0.8;
/** As likely as not. */
const unreadConfidence = 0.5;

/** Reads, maps and judges one command line. Pure, and so slow (about a third of a millisecond) that its answers are cached. */
export function judgeLine(text: string, models: LineModels, rules: AttackRules): LineJudgement {
  const reading = readShell(text);
  const hits = rules.match(reading);
  const features = lineFeatures(reading, hits, rules.isKnown);
  const ofRead = models.severityModel.judge(features, partFeatures(reading, hits, rules.isKnown));
  const verdict = reading.partial && ofRead.severity === 'LOW' ? atLeastMedium(ofRead) : ofRead;
  const [, medium, high] = verdict.chances;
  const techniques = findings(text, reading, hits, ofRead.chances[0]);
  return {
    severity: verdict.severity,
    confidence: verdict.confidence,
    severeChance: high,
    threatScore: Math.min(1, 0.5 * medium + high),
    ...(models.attackTypeModel?.tell(features, verdict.severity) ?? {
      attackType: unnamed(verdict.severity),
      attackTypeConfidence: 0,
    }),
    ruleTactic: surestTactic(hits, ofRead.chances[0]),
    why: sentence(ofRead, verdict.severity, reasonOf(text, reading, hits, ofRead)),
    techniques,
    partial: reading.partial,
  };
}

/**
 * Whoever types more than is read can hide anything in the rest. Of 8,499 ordinary commands none is more than is read, of
 * 17,900 lines of attackers two are, of 400 whole scripts of a Debian, each pasted as one line, 52. So that is preparing something,
 * as the definition of MEDIUM has it, however harmless what is read is; whether it is more nobody knows.
 */
function atLeastMedium({ chances: [low, medium, high], ...verdict }: SeverityVerdict): SeverityVerdict {
  return { ...verdict, severity: 'MEDIUM', confidence: unreadConfidence, chances: [0, low + medium, high] };
}

/**
 * Each technique once, with the surest rule and its words. A rule's confidence supposes that an intruder typed the
 * line; the more the line looks like what administrators type all day, the less of it is left, at most a third less.
 */
function findings(
  text: string,
  reading: ShellReading,
  hits: readonly RuleHit[],
  ordinaryChance: number,
): TechniqueFinding[] {
  const found = new Map<string, TechniqueFinding>();
  const trust = 1 - ordinaryDiscount * ordinaryChance;
  for (const { rule, statement } of hits) {
    for (const [rank, id] of rule.techniques.entries()) {
      const confidence = rule.confidence * (rank === 0 ? 1 : secondTechniqueShare) * trust;
      const known = found.get(id);
      if (known === undefined || known.confidence < confidence) {
        const span = reading.statements[statement]?.span;
        found.set(id, {
          id,
          confidence,
          why: `rule:${rule.id} "${words(text, span)}"`,
          ...(span === undefined ? {} : { span: { start: span.start, end: span.end } }),
        });
      }
    }
  }
  return [...found.values()].sort((a, b) => b.confidence - a.confidence).slice(0, techniquesMax);
}

function surestTactic(hits: readonly RuleHit[], ordinaryChance: number): LineJudgement['ruleTactic'] {
  let surest: RuleHit | undefined;
  for (const hit of hits) if (surest === undefined || hit.rule.confidence > surest.rule.confidence) surest = hit;
  if (surest === undefined) return null;
  return { tactic: surest.rule.tactic, confidence: surest.rule.confidence * (1 - ordinaryDiscount * ordinaryChance) };
}

function words(text: string, span: Span | undefined): string {
  return span === undefined ? '' : text.slice(span.start, Math.min(span.end, span.start + 80));
}

/**
 * What is named as the reason: the surest rule that is as grave as the verdict, or else the surest; where no rule
 * answered, the model's features. The surest of all would say of `chmod 777 x; ./x` that it changed permissions.
 */
function reasonOf(
  text: string,
  reading: ShellReading,
  hits: readonly RuleHit[],
  { severity, told }: SeverityVerdict,
): string {
  const asGrave = hits.filter(({ rule }) => rule.gravity === severity);
  const [first] = [...(asGrave.length > 0 ? asGrave : hits)].sort((a, b) => b.rule.confidence - a.rule.confidence);
  if (first === undefined) return `features ${told.join(', ') || 'of an ordinary command'}`;
  const { rule, statement } = first;
  return `${rule.techniques[0]} by rule:${rule.id} "${words(text, reading.statements[statement]?.span)}"`;
}

function sentence({ severity, confidence }: SeverityVerdict, told: Severity, reason: string): string {
  const unread = severity === told ? '' : `${told}, since more was typed than is read; what is read is `;
  return `${unread}${severity} with ${Math.round(confidence * 100)} % by the severity model; ${reason}`.slice(0, 400);
}
