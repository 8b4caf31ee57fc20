import type { Assessment, SessionState } from '@cerberusmesh/contract/assessment';
import {
  type Assess,
  type AssessAhead,
  type Normalize,
  type SessionChange,
  sessionKeyOf,
} from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { withAnswer } from '../../assess/remote/assess-ahead.ts';
import { startSession } from '../../assess/session-state.ts';
import { forEachBreathing } from '../../kit/breathe.ts';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import type { Reassessed, StoredEvent } from '../../store/learning/stored-events.ts';
import { corrected } from './corrected.ts';
import { toSensorEvent } from './stored-sensor-event.ts';

/** Sessions whose states are carried from page to page; one that fell out is made again from its stored events. */
const sessionsMax = 20_000;

export interface ReassessedPage {
  readonly events: readonly Reassessed[];
  /** For each session the gravest of these events, with the session after the page. */
  readonly changes: readonly SessionChange[];
  /** Events that were asked about and got no assessment. */
  readonly left: readonly string[];
}

export interface PageParts {
  readonly normalize: Normalize;
  readonly assess: Assess;
  readonly assessAhead?: AssessAhead | undefined;
  readonly readEarlier: (
    sessions: readonly { sensor: string; sessionId: string; beforeId: string }[],
  ) => Promise<readonly StoredEvent[]>;
  readonly failed: (eventId: string, error: unknown) => void;
}

/** Assesses pages of stored events in the order of their ids, each event with its session as it was before it. */
export function createPageReassessor(parts: PageParts) {
  const { normalize, readEarlier } = parts;
  const states = createRecentAnswers<SessionState>(sessionsMax);

  return async function reassessPage(
    page: readonly StoredEvent[],
    isWanted: (event: StoredEvent) => boolean,
  ): Promise<ReassessedPage> {
    const events = page.map((stored) => ({ stored, event: toSensorEvent(stored, normalize) }));
    await recall(events);
    const assess = await answersFor(events.map(({ event }) => event));
    const found: Reassessed[] = [];
    const left: string[] = [];
    const gravest = new Map<string, { event: SensorEvent; assessment: Assessment }>();
    await forEachBreathing(events, ({ stored, event }) => {
      const key = sessionKeyOf(event);
      const before = states.get(key ?? '') ?? startSession(event);
      if (!isWanted(stored)) return remember(key, asStored(stored, event, before));
      const told = tryAssess(assess, event, before);
      const assessment = corrected(told.assessment, stored.corrected);
      remember(key, withAnswer(event, before, assessment, told.session.oddestLogin).session);
      if (assessment === null) return void left.push(stored.id);
      found.push({ event: stored, assessment, typed: typedText(event), oddestLogin: told.session.oddestLogin });
      const known = gravest.get(key ?? '')?.assessment;
      if (key !== undefined && !stored.probe && (!known || assessment.threatScore > known.threatScore))
        gravest.set(key, { event, assessment });
    });
    const changes = [...gravest].flatMap(([key, change]) => {
      const session = states.get(key);
      return session === undefined ? [] : [{ ...change, session }];
    });
    return { events: found, changes, left };
  };

  /** States of sessions that began before this page and are not in memory, from their stored events. */
  async function recall(events: readonly { stored: StoredEvent; event: SensorEvent }[]): Promise<void> {
    const missing = new Map<string, { sensor: string; sessionId: string; beforeId: string }>();
    for (const { event } of events) {
      const key = sessionKeyOf(event);
      if (key === undefined || event.sessionId === null || missing.has(key) || states.get(key) !== undefined) continue;
      missing.set(key, { sensor: event.sensor, sessionId: event.sessionId, beforeId: event.id });
    }
    for (const stored of await readEarlier([...missing.values()])) {
      const event = toSensorEvent(stored, normalize);
      const key = sessionKeyOf(event);
      const before = states.get(key ?? '') ?? startSession(event);
      remember(key, asStored(stored, event, before));
    }
  }

  /** The session after an event that is not assessed again. What was told is stored; how odd its login was is not. */
  function asStored(stored: StoredEvent, event: SensorEvent, before: SessionState): SessionState {
    const oddestLogin =
      event.detail.kind === 'login' ? tryAssess(parts.assess, event, before).session.oddestLogin : undefined;
    return withAnswer(event, before, storedAssessment(stored), oddestLogin).session;
  }

  async function answersFor(events: readonly SensorEvent[]): Promise<Assess> {
    // Copied: the answers are made with the states before the page, while the page moves them on.
    const before = new Map(events.flatMap((event) => entryOf(event)));
    return (await parts.assessAhead?.(events, (key) => before.get(key))) ?? parts.assess;
  }

  function entryOf(event: SensorEvent): [string, SessionState][] {
    const key = sessionKeyOf(event);
    const state = key === undefined ? undefined : states.get(key);
    return key === undefined || state === undefined ? [] : [[key, state]];
  }

  function tryAssess(assess: Assess, event: SensorEvent, before: SessionState): ReturnType<Assess> {
    try {
      return assess(event, before);
    } catch (error) {
      parts.failed(event.id, error);
      return { assessment: null, session: before };
    }
  }

  function remember(key: string | undefined, state: SessionState): void {
    if (key !== undefined) states.set(key, state);
  }
}

/** As much of what was told as a session remembers. */
function storedAssessment({ analyzed, severity, threatScore, techniques }: StoredEvent): Assessment | null {
  if (!analyzed || severity === 'UNKNOWN') return null;
  return {
    ...{ severity, threatScore, anomalyScore: 0, attackType: '', confidence: 0, why: '', partial: false },
    modelVersion: '',
    techniques: techniques.map((id) => ({ id, confidence: 0, why: '' })),
  };
}

function typedText({ detail }: SensorEvent): string | null {
  return detail.kind === 'command' && detail.phase === 'typed' ? detail.input : null;
}
