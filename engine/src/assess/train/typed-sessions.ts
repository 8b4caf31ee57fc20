import { join } from 'node:path';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createBoundedCache, remembered } from '../bounded-cache.ts';
import { lineShape } from '../line-shape.ts';
import { readShell } from '../shell/read-shell.ts';
import { readHumanSessions, readPlainSessions } from './session-data.ts';

/** What was typed, per session. */
export interface TypedSessions {
  /** Command lines that honeypots saw. */
  readonly logged: readonly (readonly string[])[];
  /** Statements of published collections. */
  readonly published: readonly (readonly string[])[];
  /** Command lines of people in training. */
  readonly human: readonly (readonly string[])[];
}

const plainSessionsMax = 4_000;
const keptMax = 65_536;

export function readTypedSessions(from: string, events: Iterable<SensorEvent>): TypedSessions {
  const published = ['unlabelled/haas_sessions.jsonl', 'unlabelled/cyberlab_sessions.jsonl'].flatMap((file) =>
    readPlainSessions(join(from, file)).slice(0, plainSessionsMax),
  );
  return { logged: loggedCommands(events), published, human: readHumanSessions(from) };
}

function loggedCommands(events: Iterable<SensorEvent>): string[][] {
  const sessions = new Map<string, string[]>();
  for (const { sensor, sessionId, detail } of events) {
    if (detail.kind !== 'command' || detail.phase !== 'typed' || sessionId === null) continue;
    const key = `${sensor} ${sessionId}`;
    const known = sessions.get(key);
    if (known) known.push(detail.input);
    else sessions.set(key, [detail.input]);
  }
  return [...sessions.values()];
}

/** Reads the shape of statements, each text once. */
export function createShapeReader(): (text: string) => string {
  const shapes = createBoundedCache<string>(keptMax);
  return (text) => remembered(shapes, text, () => lineShape(readShell(text)));
}
