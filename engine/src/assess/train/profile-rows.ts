import type { SessionState } from '@cerberusmesh/contract/assessment';
import { type Assess, sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import type { AttackRules } from '../attack/compile-rules.ts';
import { gatherShapes, knownShapesOf } from '../known-shapes.ts';
import { remembered } from '../remembered.ts';
import { startSession } from '../session-state.ts';
import { viewStatement } from '../statement-features.ts';
import { statementTexts } from '../statement-texts.ts';
import type { TrafficRow } from '../traffic-profile.ts';

const folds = 5;
const keptMax = 65_536;

/** Events as rows of a traffic profile; `isKnownShape` is asked for each command, with its session's key. */
export function* profileRows(
  events: Iterable<SensorEvent>,
  assess: Assess,
  isKnownShape: (line: string) => boolean | null,
): Generator<TrafficRow> {
  const states = createRecentAnswers<SessionState>(keptMax);
  for (const event of events) {
    const key = sessionKeyOf(event) ?? event.id;
    const { assessment, session } = assess(event, states.get(key) ?? startSession(event));
    states.set(key, session);
    if (assessment !== null) yield profileRow(event, assessment, isKnownShape);
  }
}

/** What drift is measured by, of one event. */
export function profileRow(
  { eventType, detail }: SensorEvent,
  assessment: NonNullable<ReturnType<Assess>['assessment']>,
  isKnownShape: (line: string) => boolean | null,
): TrafficRow {
  const { severity, threatScore, anomalyScore, confidence } = assessment;
  const typed = detail.kind === 'command' && detail.phase === 'typed';
  const command = typed ? { length: detail.input.length, confidence, isKnownShape: isKnownShape(detail.input) } : null;
  return { eventType, severity, threatScore, anomalyScore, command };
}

/**
 * Every fifth session is asked against the shapes of the others, so that the share of unknown shapes is one that new
 * sessions would have; a line of the others says nothing (null).
 */
export function heldBackShapes(
  sessions: readonly (readonly string[])[],
  rules: AttackRules,
): (line: string) => boolean | null {
  const shapes = createRecentAnswers<readonly string[]>(keptMax);
  const shapesOf = (line: string) =>
    remembered(shapes, line, () => statementTexts(line).map((text) => viewStatement(text, rules).shape));
  const heldBack = sessions.filter((_, at) => at % folds === 0);
  const others = sessions.filter((_, at) => at % folds !== 0);
  const known = knownShapesOf(
    gatherShapes(
      others.map((lines) => lines.flatMap(shapesOf)),
      'others',
    ),
  );
  const asked = new Set(heldBack.flat());
  return (line) => (asked.has(line) ? shapesOf(line).every(known.isKnown) : null);
}
