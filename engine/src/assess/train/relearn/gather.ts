import type { SessionState } from '@cerberusmesh/contract/assessment';
import { sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import type { Severity } from '@cerberusmesh/contract/severity';
import { createRecentAnswers } from '../../../kit/recent-answers.ts';
import { anomalyRow } from '../../anomaly-model.ts';
import { type Credentials, oddestLoginAfter } from '../../credential-model.ts';
import { createRandom } from '../../learn/random.ts';
import { afterEvent, startSession } from '../../session-state.ts';
import { foldOf } from '../folds.ts';
import { createVisitGatherer, type GatheredVisits } from './gather-visits.ts';

/** A stored event, and what it was told to be. */
export interface LearnedEvent {
  readonly event: SensorEvent;
  readonly severity: Severity;
  readonly threatScore: number;
}

export interface EventRow {
  readonly row: Float32Array;
  readonly session: string;
  readonly event: SensorEvent;
  readonly severity: Severity;
  readonly threatScore: number;
}

export interface Gathered {
  readonly events: number;
  readonly sessions: number;
  readonly kinds: number;
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** Fair samples; a session is wholly on one side. */
  readonly trained: readonly EventRow[];
  readonly heldBack: readonly EventRow[];
  /** What was typed, by session. */
  readonly trainedLines: readonly (readonly string[])[];
  readonly heldBackLines: ReadonlyMap<string, readonly string[]>;
  readonly visits: GatheredVisits;
}

const bounds = {
  trainedRows: 40_000,
  heldBackRows: 8_000,
  openSessions: 20_000,
  trainedSessions: 100_000,
  heldBackSessions: 10_000,
  /** Of a session; the rest repeats, or is one visitor's wish to fill our memory. */
  lines: 500,
};
/** One session in five is held back, told by its key alone. */
const folds = 5;

/** Takes stored events one by one, in order of their ids, and keeps bounded samples whatever their number. */
export function createGatherer(credentials: Credentials) {
  const random = createRandom(29);
  const visits = createVisitGatherer(credentials.oddness, createRandom(37));
  const states = createRecentAnswers<SessionState>(bounds.openSessions);
  const typed = { trained: new Map<string, string[]>(), heldBack: new Map<string, string[]>() };
  const rows = { trained: [] as EventRow[], heldBack: [] as EventRow[] };
  const seen = { trained: 0, heldBack: 0 };
  const kinds = new Set<string>();
  const span = { fromMs: Infinity, toMs: -Infinity };
  let [events, sessions] = [0, 0];

  return {
    add(learned: LearnedEvent): void {
      const { event, severity, threatScore } = learned;
      const key = sessionKeyOf(event) ?? event.id;
      const before = states.get(key);
      if (before === undefined) sessions++;
      const session = before ?? startSession(event);
      const side = foldOf(key, folds) === 0 ? 'heldBack' : 'trained';
      const oddestLogin = oddestLoginAfter(event, session, credentials);
      const told = { severeChance: severity === 'HIGH' ? 1 : 0, oddestLogin };
      sample(side, () => ({ ...learned, session: key, row: anomalyRow(event, session, told) }));
      states.set(key, afterEvent(session, event, { severity, threatScore, techniques: [], oddestLogin }));
      keepLine(side, key, event);
      if (event.sessionId !== null) visits.add(key, side, event);
      kinds.add(event.detail.kind);
      span.fromMs = Math.min(span.fromMs, event.epochMs);
      span.toMs = Math.max(span.toMs, event.epochMs);
      events++;
    },
    gathered: (): Gathered => ({
      ...{ events, sessions, kinds: kinds.size },
      fromMs: events === 0 ? null : span.fromMs,
      toMs: events === 0 ? null : span.toMs,
      trained: rows.trained,
      heldBack: rows.heldBack,
      trainedLines: [...typed.trained.values()],
      heldBackLines: typed.heldBack,
      visits: visits.gathered(),
    }),
  };

  /** A reservoir: every event has the same chance, and memory stays as it is. */
  function sample(side: 'trained' | 'heldBack', make: () => EventRow): void {
    const max = side === 'trained' ? bounds.trainedRows : bounds.heldBackRows;
    const place = seen[side] < max ? seen[side] : Math.floor(random() * (seen[side] + 1));
    seen[side]++;
    if (place < max) rows[side][place] = make();
  }

  function keepLine(side: 'trained' | 'heldBack', key: string, { detail }: SensorEvent): void {
    if (detail.kind !== 'command' || detail.phase !== 'typed') return;
    const sessions = typed[side];
    const known = sessions.get(key);
    const max = side === 'trained' ? bounds.trainedSessions : bounds.heldBackSessions;
    if (known === undefined) {
      // The oldest go first: the latest traffic is what is to be known.
      if (sessions.size >= max) sessions.delete(sessions.keys().next().value ?? '');
      sessions.set(key, [detail.input]);
    } else if (known.length < bounds.lines) known.push(detail.input);
  }
}
