import { join } from 'node:path';
import { z } from 'zod';
import type { AttackRules } from '../attack/compile-rules.ts';
import { lineFeatures } from '../line-features.ts';
import { lineShape } from '../line-shape.ts';
import { readShell } from '../shell/read-shell.ts';
import { attackTypeNames, typeOfRule, typeOfWord } from './attack-type-names.ts';
import { readJsonLines } from './read-json-lines.ts';

/** One line with the types that its raters gave it. */
export interface TypedLine {
  readonly source: 'rated' | 'rule_example' | 'ordinary';
  readonly group: string;
  readonly features: ReadonlySet<string>;
  /** A share per type; a half each where two raters mean different ones. */
  readonly target: Float64Array;
  /** What each rater meant, as a place in `attackTypeNames`. */
  readonly types: readonly number[];
}

const RatedLine = z.object({ command: z.string(), type: z.string(), type2: z.string() });
const OrdinaryLine = z.object({ command: z.string() });

export interface TypeCorpus {
  readonly rated: readonly TypedLine[];
  /** Weak labels: what a rule's technique is called. What a rule calls harmless teaches no attack, only what looking is. */
  readonly examples: readonly TypedLine[];
  readonly ordinary: readonly TypedLine[];
}

/** The labelled lines of `folder`, and the rules' examples. */
export function readTypeCorpus(folder: string, rules: AttackRules): TypeCorpus {
  const rated = readJsonLines(join(folder, 'labelled/severity_dev.jsonl'), RatedLine);
  const ordinary = readJsonLines(join(folder, 'benign/nl2bash_dev.jsonl'), OrdinaryLine);
  return {
    rated: rated.flatMap(({ command, type, type2 }) =>
      typedLine(command, 'rated', [typeOfWord(type), typeOfWord(type2)], rules),
    ),
    examples: rules.rules
      .filter((rule) => rule.gravity !== 'LOW' || typeOfRule(rule)?.endsWith('_recon'))
      .flatMap((rule) => rule.matches.flatMap((text) => typedLine(text, 'rule_example', [typeOfRule(rule)], rules))),
    ordinary: ordinary.flatMap(({ command }) => typedLine(command, 'ordinary', ['none'], rules)),
  };
}

/** A line with its features and its types; none where nobody named a type that is known. */
function typedLine(
  text: string,
  source: TypedLine['source'],
  named: readonly (string | undefined)[],
  rules: AttackRules,
): TypedLine[] {
  const types = named.flatMap((name) => (name === undefined ? [] : [attackTypeNames.indexOf(name)]));
  if (types.length === 0) return [];
  const reading = readShell(text);
  const target = new Float64Array(attackTypeNames.length);
  for (const type of types) target[type] = (target[type] ?? 0) + 1 / types.length;
  const features = lineFeatures(reading, rules.match(reading), rules.isKnown);
  return [{ source, group: lineShape(reading), features, target, types }];
}
