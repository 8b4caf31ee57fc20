import { Severity } from '@cerberusmesh/contract/severity';
import { z } from 'zod';
import type { Catalogue } from './attack/catalogue.ts';
import type { AttackRules } from './attack/compile-rules.ts';
import { judgeLine } from './judge-line.ts';
import { calibrationError, confusionMatrix, macroF1, quadraticKappa } from './learn/metrics.ts';
import type { SeverityModel } from './severity-model.ts';
import { viewStatement } from './statement-features.ts';
import type { TacticModel } from './tactic-model.ts';
import { readJsonLines } from './train/read-json-lines.ts';
import { readLabelledSessions } from './train/session-data.ts';
import { collapsed } from './train/train-tactics.ts';

/** Tactic per statement of labelled sessions. */
export function evaluateTactics(file: string, rules: AttackRules, model: TacticModel) {
  const sessions = readLabelledSessions(file);
  const labels = [...new Set(sessions.flatMap((session) => session.labels))].sort();
  const [truth, told]: [number[], number[]] = [[], []];
  let whole = 0;
  for (const session of sessions) {
    const answers = model
      .tell(session.statements.map((text) => viewStatement(text, rules)))
      .map(({ tactic }) => tactic);
    if (collapsed(answers) === collapsed(session.labels)) whole++;
    truth.push(...session.labels.map((label) => labels.indexOf(label)));
    told.push(...answers.map((label) => labels.indexOf(label)));
  }
  const confusion = confusionMatrix(truth, told, labels.length);
  return {
    sessions: sessions.length,
    statements: truth.length,
    macroF1: macroF1(confusion),
    accuracy: share(truth, (label, at) => label === told[at]),
    fidelity: whole / Math.max(1, sessions.length),
    labels,
    confusion,
  };
}

const TechniqueLine = z.object({ command: z.string(), technique_v18: z.string(), tactics_v18: z.array(z.string()) });
/** Tests often carry their own technique's id in a path; nothing may be read from that. */
const techniqueId = /T1\d{3}(?:[._]\d{3})?/g;

/** Techniques found for whole scripts, ranked; measured on the parent technique. */
export function evaluateTechniques(file: string, rules: AttackRules, model: SeverityModel, catalogue: Catalogue) {
  const lines = readJsonLines(file, TechniqueLine);
  const answers = lines.map(({ command, technique_v18, tactics_v18 }) => {
    const found = judgeLine(command.replace(techniqueId, 'x'), { severityModel: model }, rules).techniques.map(
      ({ id }) => id,
    );
    const parents = [...new Set(found.map(parentOf))];
    const tactics = catalogue.tacticsOf(found[0] ?? '').map((name) => name.toLowerCase().replaceAll(' ', '-'));
    return {
      rank: parents.indexOf(parentOf(technique_v18)),
      tactic: tactics.some((tactic) => tactics_v18.includes(tactic)),
    };
  });
  return {
    lines: lines.length,
    parentTop1: share(answers, ({ rank }) => rank === 0),
    parentTop3: share(answers, ({ rank }) => rank >= 0 && rank < 3),
    tacticTop1: share(answers, ({ tactic }) => tactic),
  };
}

const RatedLine = z.object({ command: z.string(), severity: Severity.nullable() });

/** Severity of rated commands; lines on which raters differ are left out. */
export function evaluateSeverity(file: string, rules: AttackRules, model: SeverityModel) {
  const lines = readJsonLines(file, RatedLine).flatMap(({ command, severity }) =>
    severity === null ? [] : [{ command, severity }],
  );
  const judged = lines.map(({ command }) => judgeLine(command, { severityModel: model }, rules));
  const label = (severity: Severity) => Severity.options.indexOf(severity);
  const confusion = confusionMatrix(
    lines.map(({ severity }) => label(severity)),
    judged.map(({ severity }) => label(severity)),
    Severity.options.length,
  );
  return {
    lines: lines.length,
    quadraticKappa: quadraticKappa(confusion),
    accuracy: share(lines, ({ severity }, at) => judged[at]?.severity === severity),
    calibrationError: calibrationError(
      judged.map(({ confidence }) => confidence),
      lines.map(({ severity }, at) => judged[at]?.severity === severity),
    ),
    labels: Severity.options,
    confusion,
  };
}

function parentOf(technique: string): string {
  return technique.slice(0, 5);
}

function share<T>(items: readonly T[], test: (item: T, at: number) => boolean): number {
  return items.filter(test).length / Math.max(1, items.length);
}
