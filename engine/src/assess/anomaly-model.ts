import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { type ForestFile, readForestFile, scorerOf } from './anomaly-scorer.ts';

export interface AnomalyModel {
  readonly version: string;
  /** 0 as every day … 1 unlike anything seen in training. */
  score(event: SensorEvent, session: SessionState, told: ToldOfEvent): number;
}

/** What the rest of the stage tells of an event. */
export interface ToldOfEvent {
  readonly severeChance: number;
  /** Of the logins of the session, this event's included: 0 the commonest credentials … 1 never seen; -1 no login yet. */
  readonly oddestLogin: number;
}

export const anomalyFeatures = [
  'events',
  'commands',
  'failedLogins',
  'succeededLogin',
  'transfers',
  'tunnels',
  'ageSeconds',
  'gapSeconds',
  'kind',
  'textLength',
  'oddCharacters',
  'hour',
  'severeChance',
  'oddestLogin',
  'eventsPerMinute',
];

const kinds = [
  'connect',
  'closed',
  'client',
  'login',
  'command',
  'input',
  'transfer',
  'tunnel',
  'recording',
  'exploit',
  'generic',
];

/** One row per event: the session so far and the event itself, logarithms where counts grow without end. */
export function anomalyRow(event: SensorEvent, session: SessionState, told: ToldOfEvent): Float32Array {
  const row = new Float32Array(anomalyFeatures.length);
  fillRow(row, event, session, told);
  return row;
}

/** In the order of `anomalyFeatures`. */
function fillRow(row: Float32Array, event: SensorEvent, session: SessionState, told: ToldOfEvent): void {
  const ageSeconds = Math.max(0, event.epochMs - session.firstEpochMs) / 1000;
  const text = textOf(event);
  row[0] = Math.log1p(session.events);
  row[1] = Math.log1p(session.commands);
  row[2] = Math.log1p(session.failedLogins);
  row[3] = session.succeededLogin ? 1 : 0;
  row[4] = Math.log1p(session.transfers);
  row[5] = Math.log1p(session.tunnels);
  row[6] = Math.log1p(ageSeconds);
  row[7] = Math.log1p(Math.max(0, event.epochMs - session.lastEpochMs) / 1000);
  row[8] = kinds.indexOf(event.detail.kind);
  row[9] = Math.log1p(text.length);
  row[10] = oddShare(text);
  row[11] = (event.epochMs / 3_600_000) % 24;
  row[12] = told.severeChance;
  row[13] = told.oddestLogin;
  row[14] = Math.log1p((60 * session.events) / Math.max(1, ageSeconds));
}

/** @throws CerberusError MODEL_UNUSABLE where the file is missing or not one. */
export function loadAnomalyModel(path: string): AnomalyModel {
  return anomalyModelOf(readForestFile(path));
}

/** Scores one event after another; not to be called again before it has answered. */
export function anomalyModelOf(file: ForestFile): AnomalyModel {
  const { version, scoreRow } = scorerOf(file);
  // One for all events: making a typed array takes as long as filling it.
  const row = new Float32Array(anomalyFeatures.length);
  return { version, score };

  function score(event: SensorEvent, session: SessionState, told: ToldOfEvent): number {
    fillRow(row, event, session, told);
    return scoreRow(row);
  }
}

function textOf({ detail }: SensorEvent): string {
  switch (detail.kind) {
    case 'command':
    case 'input':
      return detail.input;
    case 'login':
      return `${detail.username}${detail.password ?? ''}`;
    case 'client':
      return detail.version ?? '';
    case 'tunnel':
      return detail.text ?? detail.host;
    case 'transfer':
      return detail.url ?? detail.path ?? '';
    default:
      return '';
  }
}

const looked = 256;

function oddShare(text: string): number {
  let odd = 0;
  const length = Math.min(text.length, looked);
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at);
    if (!((code > 96 && code < 123) || (code > 64 && code < 91) || (code > 47 && code < 58) || code === 32)) odd++;
  }
  return length === 0 ? 0 : odd / length;
}
