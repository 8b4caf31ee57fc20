import type { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import { type Assess, type AssessAhead, sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import { batchEventsMax } from '@cerberusmesh/contract/ml';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { CircuitBreaker } from '../../kit/circuit-breaker.ts';
import { afterEvent, startSession } from '../session-state.ts';
import type { MlClient } from './ml-client.ts';

/** Text of the events of one question; the service takes a little more. */
const questionCharactersMax = 8 * 1024 * 1024;

/**
 * Asks the service once for the events of a batch (in pieces where the batch is large), and gives an `Assess` that
 * knows the answers. Where the service does not answer, events go without: null, to be analysed later.
 */
export function createAssessAhead(parts: {
  readonly client: Pick<MlClient, 'assess'>;
  readonly breaker: Pick<CircuitBreaker, 'isOpen' | 'failed'>;
  readonly onFailure: (error: unknown, events: number) => void;
}): AssessAhead {
  const { client, breaker, onFailure } = parts;

  return async function assessAhead(events, sessionOf) {
    const answers = new Map<string, Answer>();
    const states = new Map<string, SessionState>();
    for (const piece of inPieces(events)) {
      if (breaker.isOpen()) break;
      try {
        await askFor(piece, sessionOf, states, answers);
      } catch (error) {
        breaker.failed();
        onFailure(error, events.length - answers.size);
      }
    }
    return (event, session) => {
      const { assessment, oddestLogin } = answers.get(event.id) ?? unanswered;
      return withAnswer(event, session, assessment, oddestLogin);
    };
  };

  async function askFor(
    events: readonly SensorEvent[],
    sessionOf: Parameters<AssessAhead>[1],
    states: Map<string, SessionState>,
    answers: Map<string, Answer>,
  ): Promise<void> {
    const keys = new Set(events.flatMap((event) => sessionKeyOf(event) ?? []));
    const sessions = [...keys].flatMap((key) => {
      const state = states.get(key) ?? sessionOf(key);
      return state === undefined ? [] : [{ key, state }];
    });
    const { assessments, oddestLogins } = await client.assess({ events: [...events], sessions });
    for (const [at, event] of events.entries()) {
      const assessment = assessments[at] ?? null;
      const oddestLogin = oddestLogins[at] ?? null;
      answers.set(event.id, { assessment, oddestLogin });
      const key = sessionKeyOf(event);
      if (key === undefined) continue;
      const before = states.get(key) ?? sessionOf(key) ?? startSession(event);
      states.set(key, withAnswer(event, before, assessment, oddestLogin).session);
    }
  }
}

interface Answer {
  readonly assessment: Assessment | null;
  readonly oddestLogin: number | null;
}

const unanswered: Answer = { assessment: null, oddestLogin: null };

/** The session goes on counting what was done, also where nobody could say what it meant. */
export function withAnswer(
  event: SensorEvent,
  session: SessionState,
  assessment: Assessment | null,
  oddestLogin?: number | null,
): ReturnType<Assess> {
  const found = assessment ?? { severity: 'LOW' as const, threatScore: 0, techniques: [] };
  const techniques = found.techniques.map(({ id }) => id);
  return { assessment, session: afterEvent(session, event, { ...found, techniques, oddestLogin: oddestLogin ?? -1 }) };
}

function* inPieces(events: readonly SensorEvent[]): Generator<readonly SensorEvent[]> {
  let piece: SensorEvent[] = [];
  let characters = 0;
  for (const event of events) {
    const length = textLength(event);
    if (piece.length === batchEventsMax || (piece.length > 0 && characters + length > questionCharactersMax)) {
      yield piece;
      [piece, characters] = [[], 0];
    }
    piece.push(event);
    characters += length;
  }
  if (piece.length > 0) yield piece;
}

/** Long texts are in the detail; the rest of an event is small. */
function textLength({ detail }: SensorEvent): number {
  let length = 512;
  for (const value of Object.values(detail)) if (typeof value === 'string') length += value.length;
  return length;
}
