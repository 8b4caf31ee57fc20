import { join } from 'node:path';
import { Severity } from '@cerberusmesh/contract/severity';
import { z } from 'zod';
import type { AttackRules } from '../attack/compile-rules.ts';
import { lineFeatures, partFeatures } from '../line-features.ts';
import { lineShape } from '../line-shape.ts';
import { readShell } from '../shell/read-shell.ts';
import { readJsonLines } from './read-json-lines.ts';

/** One line with what its raters said, and the group that must not be torn apart between training and measuring. */
export interface SeverityLine {
  readonly text: string;
  readonly source: string;
  readonly group: string;
  readonly features: ReadonlySet<string>;
  /** Of each pipeline where it has several; the line is as grave as the gravest. Nobody labelled them, so they train nothing. */
  readonly parts: readonly ReadonlySet<string>[];
  /** Shares of LOW, MEDIUM, HIGH; a half each where two raters differ. */
  readonly target: Float64Array;
  /** The label that both gave; null where they differ. */
  readonly agreed: Severity | null;
}

const RatedLine = z.object({
  command: z.string(),
  source: z.string(),
  severity: Severity.nullable(),
  rater1: Severity,
  rater2: Severity,
});
const OrdinaryLine = z.object({ command: z.string() });

/** The doubly rated commands. */
export function readRatedLines(folder: string, rules: AttackRules): SeverityLine[] {
  return readJsonLines(join(folder, 'labelled/severity_dev.jsonl'), RatedLine).map(
    ({ command, source, severity, rater1, rater2 }) => severityLine(command, source, [rater1, rater2], severity, rules),
  );
}

/** Ordinary commands of administrators and developers, none of them an attack. */
export function readOrdinaryLines(folder: string, rules: AttackRules): SeverityLine[] {
  return readJsonLines(join(folder, 'benign/nl2bash_dev.jsonl'), OrdinaryLine).map(({ command }) =>
    severityLine(command, 'ordinary', ['LOW'], 'LOW', rules),
  );
}

/** The examples that rules must match, with their rule's gravity: written by this project, so they weigh little. */
export function ruleExampleLines(rules: AttackRules): SeverityLine[] {
  return rules.rules.flatMap((rule) =>
    rule.matches.map((text) => severityLine(text, 'rule_example', [rule.gravity], rule.gravity, rules)),
  );
}

/** A line with its features and its label; `ratings` is what each rater said. */
export function severityLine(
  text: string,
  source: string,
  ratings: readonly Severity[],
  agreed: Severity | null,
  rules: AttackRules,
): SeverityLine {
  const reading = readShell(text);
  const hits = rules.match(reading);
  const target = new Float64Array(Severity.options.length);
  for (const rating of ratings) {
    const label = Severity.options.indexOf(rating);
    target[label] = (target[label] ?? 0) + 1 / ratings.length;
  }
  return {
    text,
    source,
    group: lineShape(reading),
    features: lineFeatures(reading, hits, rules.isKnown),
    parts: partFeatures(reading, hits, rules.isKnown),
    target,
    agreed,
  };
}
