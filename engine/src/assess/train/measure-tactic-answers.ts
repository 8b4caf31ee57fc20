import type { LineJudgement } from '../judge-line.ts';
import { tacticOf } from '../judge-session.ts';
import type { TacticVerdict } from '../tactic-model.ts';
import { collapsed, type TacticSession } from './train-tactics.ts';

/** What the two say of one labelled session that is not the model's own: per statement the surest rule's tactic. */
export interface ToldSession {
  readonly session: TacticSession;
  readonly verdicts: readonly TacticVerdict[];
  readonly byRule: readonly LineJudgement['ruleTactic'][];
}

export interface TacticAnswerFigures {
  readonly accuracy: number;
  /** Share of sessions whose whole collapsed sequence of answers is right. */
  readonly fidelity: number;
  /** Statements of which a rule named another tactic than the model, and who of the two the label agrees with. */
  readonly replaced: number;
  readonly modelRight: number;
  readonly ruleRight: number;
  readonly neitherRight: number;
}

/**
 * The tactics as the product answers them, rules included, against the labels. A shape counts as known where the logs
 * or another script hold it: the shipped list holds the labelled sessions themselves.
 */
export function measureTacticAnswers(
  told: readonly ToldSession[],
  loggedShapes: ReadonlySet<string>,
): TacticAnswerFigures {
  const scripts = scriptsOfShapes(told);
  let [statements, right, whole, modelRight, ruleRight, neitherRight] = [0, 0, 0, 0, 0, 0];
  for (const { session, verdicts, byRule } of told) {
    const unknown = session.views.filter(
      ({ shape }) => !loggedShapes.has(shape) && (scripts.get(shape)?.size ?? 0) < 2,
    ).length;
    const answers = verdicts.map((verdict, at) =>
      tacticOf(verdict, byRule[at] ?? null, unknown / Math.max(1, session.views.length)),
    );
    if (collapsed(answers) === collapsed(session.labels)) whole++;
    for (const [at, answer] of answers.entries()) {
      const [label, model] = [session.labels[at], verdicts[at]?.tactic];
      statements++;
      if (answer === label) right++;
      if (answer === model) continue;
      if (model === label) modelRight++;
      else if (answer === label) ruleRight++;
      else neitherRight++;
    }
  }
  return {
    accuracy: right / Math.max(1, statements),
    fidelity: whole / Math.max(1, told.length),
    replaced: modelRight + ruleRight + neitherRight,
    modelRight,
    ruleRight,
    neitherRight,
  };
}

function scriptsOfShapes(told: readonly ToldSession[]): ReadonlyMap<string, ReadonlySet<string>> {
  const scripts = new Map<string, Set<string>>();
  for (const { session } of told) {
    for (const { shape } of session.views) {
      const groups = scripts.get(shape) ?? new Set();
      scripts.set(shape, groups.add(session.group));
    }
  }
  return scripts;
}
