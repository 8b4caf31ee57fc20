import { join } from 'node:path';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createRecentAnswers } from '../../kit/recent-answers.ts';
import type { TypedVisit } from '../actor-features.ts';
import { lineShape } from '../line-shape.ts';
import { remembered } from '../remembered.ts';
import { readShell } from '../shell/read-shell.ts';
import { readHumanVisits, readPlainSessions } from './session-data.ts';

/** What was typed, per session. */
export interface TypedSessions {
  /** Command lines that honeypots saw. */
  readonly logged: readonly TypedVisit[];
  /** Statements of published collections. */
  readonly published: readonly (readonly string[])[];
  /** Command lines of people in training. */
  readonly human: readonly TypedVisit[];
}

const plainSessionsMax = 4_000;
const keptMax = 65_536;

/** Of the published collections at most `plainSessionsMax` sessions each. */
export function readTypedSessions(from: string, events: Iterable<SensorEvent>): TypedSessions {
  const published = ['unlabelled/haas_sessions.jsonl', 'unlabelled/cyberlab_sessions.jsonl'].flatMap((file) =>
    readPlainSessions(join(from, file)).slice(0, plainSessionsMax),
  );
  return { logged: loggedCommands(events), published, human: readHumanVisits(from) };
}

function loggedCommands(events: Iterable<SensorEvent>): TypedVisit[] {
  const visits = new Map<string, { commands: string[]; epochsMs: number[] }>();
  for (const { sensor, sessionId, detail, epochMs } of events) {
    if (detail.kind !== 'command' || detail.phase !== 'typed' || sessionId === null) continue;
    const key = `${sensor} ${sessionId}`;
    const visit = visits.get(key) ?? { commands: [], epochsMs: [] };
    visit.commands.push(detail.input);
    visit.epochsMs.push(epochMs);
    visits.set(key, visit);
  }
  return [...visits.values()];
}

/** Reads the shape of statements, each text once. */
export function createShapeReader(): (text: string) => string {
  const shapes = createRecentAnswers<string>(keptMax);
  return (text) => remembered(shapes, text, () => lineShape(readShell(text)));
}
