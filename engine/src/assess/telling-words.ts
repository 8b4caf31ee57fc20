import type { AttackRules, RuleHit } from './attack/compile-rules.ts';
import { lineFeatures, partFeatures } from './line-features.ts';
import type { SeverityModel } from './severity-model.ts';
import { readShell } from './shell/read-shell.ts';
import type { ShellReading } from './shell/statement.ts';

const wordsMax = 8;

/**
 * The words of a command that spoke for its severity: those behind the strongest features of the trained model. No list
 * of words is kept anywhere; a LOW command has none.
 */
export function createTellingWords({ severityModel, rules }: { severityModel: SeverityModel; rules: AttackRules }) {
  return function tellingWords(text: string): string[] {
    const reading = readShell(text);
    const hits = rules.match(reading);
    const { severity, told } = severityModel.judge(
      lineFeatures(reading, hits, rules.isKnown),
      partFeatures(reading, hits, rules.isKnown),
    );
    if (severity === 'LOW') return [];
    const words = told.flatMap((feature) => wordsOf(feature, text, reading, hits));
    return [...new Set(words)].slice(0, wordsMax);
  };
}

/** `n:wget` is a word itself, `a:url` stands for the scheme that was typed, a rule for the commands that it matched. */
function wordsOf(feature: string, text: string, reading: ShellReading, hits: readonly RuleHit[]): string[] {
  const [kind = '', ...rest] = feature.split(':');
  const said = rest.join(':');
  if (kind === 'r' || kind === 't') {
    const meant = hits.filter(({ rule }) => (kind === 'r' ? rule.id === said : rule.techniques.includes(said)));
    return meant.map(({ statement }) => reading.statements[statement]?.name ?? '').filter((name) => name !== '');
  }
  return said.split(/[\s|]+/).flatMap((word) => {
    if (word === 'url') return /[a-z]{2,8}(?=:\/\/)/i.exec(text)?.slice(0, 1) ?? [];
    return word.length > 1 && text.includes(word) ? [word] : [];
  });
}
