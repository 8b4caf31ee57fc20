import type { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import type { Assess } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createRecentAnswers } from '../kit/recent-answers.ts';
import type { AnomalyModel } from './anomaly-model.ts';
import type { AttackRules } from './attack/compile-rules.ts';
import type { AttackTypeModel } from './attack-type.ts';
import { type Credentials, oddestLoginAfter } from './credential-model.ts';
import { eventMeaning } from './event-meaning.ts';
import { createInjectionLabel, labelInjection, wordsOf } from './injection/label-injection.ts';
import { judgeLine, type LineJudgement } from './judge-line.ts';
import { remembered } from './remembered.ts';
import { afterEvent } from './session-state.ts';
import type { SeverityModel } from './severity-model.ts';

export { startSession } from './session-state.ts';

export interface AssessParts {
  readonly severityModel: SeverityModel;
  /** Absent while other models are trained, which ask for no types. */
  readonly attackTypeModel?: AttackTypeModel;
  readonly anomalyModel: AnomalyModel;
  readonly credentials: Credentials;
  readonly rules: AttackRules;
}

/** Lines kept judged; bots repeat themselves, so few lines are ever judged twice. About 2 KB each. */
const judgedLinesMax = 8_192;
/** Clients' names and other words of visitors kept with what they say to a language model; most are said again and again. */
const keptWordsMax = 1_024;
const none: readonly string[] = [];

/**
 * The assess stage: what one event means, and the session after it. Pure in (event, session); the cache only saves
 * work. Never throws on what an event holds.
 */
export function createAssess({ anomalyModel, credentials, rules, ...models }: AssessParts): Assess {
  const judged = createRecentAnswers<LineJudgement>(judgedLinesMax);
  const clients = createRecentAnswers<LineJudgement>(keptWordsMax);
  const labelWords = createInjectionLabel(keptWordsMax);
  const modelVersion = `severity ${models.severityModel.version}, anomaly ${anomalyModel.version}`;

  return function assess(event: SensorEvent, session: SessionState) {
    const line = commandText(event);
    const told = line === null ? meaningOf(event, session) : judgementOf(line);
    const oddestLogin = oddestLoginAfter(event, session, credentials);
    const assessment: Assessment = {
      severity: told.severity,
      threatScore: told.threatScore,
      anomalyScore: anomalyModel.score(event, session, { severeChance: told.severeChance, oddestLogin }),
      attackType: told.attackType,
      attackTypeConfidence: told.attackTypeConfidence,
      confidence: told.confidence,
      why: told.why,
      techniques: [...told.techniques],
      partial: told.partial,
      modelVersion,
    };
    return {
      assessment,
      session: afterEvent(session, event, {
        severity: told.severity,
        threatScore: told.threatScore,
        techniques: told.techniques.length === 0 ? none : told.techniques.map(({ id }) => id),
        oddestLogin,
      }),
    };
  };

  function meaningOf(event: SensorEvent, session: SessionState): LineJudgement {
    const judge = () => labelWords(eventMeaning(event, session), wordsOf(event));
    const { detail } = event;
    // A client's name is all that such an event says, whatever its session is.
    return detail.kind === 'client' ? remembered(clients, detail.version ?? '', judge) : judge();
  }

  function judgementOf(line: string): LineJudgement {
    return remembered(judged, line, () => labelInjection(judgeLine(line, models, rules), line));
  }
}

/** A typed line; the honeypot's later word on the same command (`found`, `missing`) is judged as the same text. */
function commandText({ detail }: SensorEvent): string | null {
  if (detail.kind !== 'command') return null;
  // What is fed to a running command is not shell, unless that command is a shell.
  return detail.realm === undefined || /^(?:ba|da|a)?sh$/.test(detail.realm) ? detail.input : null;
}
