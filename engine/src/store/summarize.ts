import { hash } from 'node:crypto';
import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import { graver, type StoredSeverity } from '@cerberusmesh/contract/severity';

/** What a batch adds to each session, attacker and rollup: the tables are touched once per key, not once per event. */
export interface BatchSummary {
  readonly sessions: ReadonlyMap<string, SessionDelta>;
  readonly attackers: ReadonlyMap<string, AttackerDelta>;
  readonly hours: ReadonlyMap<string, HourDelta>;
  readonly commands: ReadonlyMap<string, CommandDelta>;
  readonly credentials: ReadonlyMap<string, CredentialDelta>;
  readonly techniques: ReadonlyMap<string, TechniqueDelta>;
}

export interface SessionDelta {
  readonly sessionId: string;
  readonly sensor: string;
  readonly probe: boolean;
  sourceIp: string | null;
  /** Further addresses, with when each was seen; absent for nearly every session. */
  otherAddresses?: Map<string, TimeSpan>;
  protocol: string | null;
  firstTime: string;
  lastTime: string;
  endTime: string | null;
  events: number;
  commands: number;
  succeededLogin: boolean;
  clientVersion: string | null;
  hassh: string | null;
}

export interface TimeSpan {
  firstTime: string;
  lastTime: string;
}

export interface AttackerDelta {
  events: number;
  highs: number;
  successfulLogins: number;
  threatScore: number;
  firstTime: string;
  lastTime: string;
  readonly usernames: Map<string, number>;
  readonly passwords: Set<string>;
}

export interface HourDelta {
  readonly hour: string;
  readonly sensor: string;
  readonly eventType: string;
  readonly severity: StoredSeverity;
  events: number;
}

export interface CommandDelta {
  readonly command: string;
  severity: StoredSeverity;
  events: number;
  firstTime: string;
  lastTime: string;
}

export interface CredentialDelta {
  readonly username: string;
  readonly password: string | null;
  attempts: number;
  successes: number;
  lastTime: string;
}

export interface TechniqueDelta {
  events: number;
  firstTime: string;
  lastTime: string;
}

/** Rollups show beginnings; the whole text is in the event. */
const shownCharactersMax = 4096;
const hourMs = 3_600_000;
const placesMax = 8;

/** What a batch changes in sessions, attackers and rollups. Our own probes change sessions and nothing else. */
export function summarize(lines: readonly AssessedLine[]): BatchSummary {
  const summary = {
    sessions: new Map<string, SessionDelta>(),
    attackers: new Map<string, AttackerDelta>(),
    hours: new Map<string, HourDelta>(),
    commands: new Map<string, CommandDelta>(),
    credentials: new Map<string, CredentialDelta>(),
    techniques: new Map<string, TechniqueDelta>(),
  };
  const addToHour = createHourCounter(summary.hours);
  for (const line of lines) {
    addToSession(summary.sessions, line);
    if (line.probe) continue;
    addToAttacker(summary.attackers, line);
    addToHour(line);
    addToCommands(summary.commands, line);
    addToCredentials(summary.credentials, line);
    addToTechniques(summary.techniques, line);
  }
  return summary;
}

/** A uuid made of a text: keys of any length, made by attackers, become 16 bytes. Without dashes, which nothing here reads. */
export function uuidOf(text: string): string {
  return hash('sha256', text).slice(0, 32);
}

function addToSession(sessions: Map<string, SessionDelta>, { event, sessionKey, probe }: AssessedLine): void {
  if (sessionKey === undefined) return;
  const delta = upsert<SessionDelta>(sessions, sessionKey, () => ({
    sessionId: event.sessionId ?? '',
    sensor: event.sensor,
    probe,
    sourceIp: null,
    protocol: null,
    firstTime: event.timestamp,
    lastTime: event.timestamp,
    endTime: null,
    events: 0,
    commands: 0,
    succeededLogin: false,
    clientVersion: null,
    hassh: null,
  }));
  delta.sourceIp ??= event.sourceIp;
  if (event.sourceIp !== delta.sourceIp && event.sourceIp !== null) addAddress(delta, event.sourceIp, event.timestamp);
  delta.protocol ??= event.protocol;
  delta.events++;
  widen(delta, event.timestamp);
  const { detail } = event;
  if (detail.kind === 'command' && detail.phase === 'typed') delta.commands++;
  if (detail.kind === 'login' && detail.succeeded) delta.succeededLogin = true;
  if (detail.kind === 'closed') delta.endTime = event.timestamp;
  if (detail.kind === 'client') {
    delta.clientVersion ??= detail.version?.slice(0, shownCharactersMax) ?? null;
    delta.hassh ??= detail.hassh?.slice(0, 64) ?? null;
  }
}

function addAddress(delta: SessionDelta, address: string, time: string): void {
  delta.otherAddresses ??= new Map();
  widen(
    upsert(delta.otherAddresses, address, () => ({ firstTime: time, lastTime: time })),
    time,
  );
}

function addToAttacker(attackers: Map<string, AttackerDelta>, { event, assessment }: AssessedLine): void {
  if (event.sourceIp === null) return;
  const delta = upsert(attackers, event.sourceIp, () => ({
    events: 0,
    highs: 0,
    successfulLogins: 0,
    threatScore: 0,
    firstTime: event.timestamp,
    lastTime: event.timestamp,
    usernames: new Map<string, number>(),
    passwords: new Set<string>(),
  }));
  delta.events++;
  widen(delta, event.timestamp);
  if (assessment?.severity === 'HIGH') delta.highs++;
  delta.threatScore = Math.max(delta.threatScore, assessment?.threatScore ?? 0);
  const { detail } = event;
  if (detail.kind !== 'login') return;
  if (detail.succeeded) delta.successfulLogins++;
  delta.usernames.set(detail.username, (delta.usernames.get(detail.username) ?? 0) + 1);
  if (detail.password !== undefined) delta.passwords.add(detail.password);
}

/** A batch has few kinds of events, mostly of one hour and sensor: its own look-up, so that not each event needs a key. */
function createHourCounter(hours: Map<string, HourDelta>) {
  const byType = new Map<string, { readonly hourNumber: number; readonly delta: HourDelta }[]>();

  return function addToHour({ event, assessment }: AssessedLine): void {
    const { sensor, eventType, epochMs } = event;
    const severity = assessment?.severity ?? 'UNKNOWN';
    const hourNumber = Math.floor(epochMs / hourMs);
    const counted = upsert(byType, eventType, () => []);
    let place = counted.find(
      ({ hourNumber: known, delta }) => known === hourNumber && delta.severity === severity && delta.sensor === sensor,
    );
    if (!place) {
      const hour = `${event.timestamp.slice(0, 13)}:00:00Z`;
      const key = `${hour}\0${sensor}\0${eventType}\0${severity}`;
      place = { hourNumber, delta: upsert(hours, key, () => ({ hour, sensor, eventType, severity, events: 0 })) };
      // Bounded, because a walk over many hours or sensors would cost more than the key.
      if (counted.length < placesMax) counted.push(place);
    }
    place.delta.events++;
  };
}

function addToCommands(commands: Map<string, CommandDelta>, { event, assessment }: AssessedLine): void {
  if (event.detail.kind !== 'command' || event.detail.phase !== 'typed') return;
  const severity = assessment?.severity ?? 'UNKNOWN';
  const delta = upsert<CommandDelta>(commands, event.detail.input, (input) => ({
    command: input.slice(0, shownCharactersMax),
    severity,
    events: 0,
    firstTime: event.timestamp,
    lastTime: event.timestamp,
  }));
  delta.events++;
  delta.severity = graver(delta.severity, severity);
  widen(delta, event.timestamp);
}

function addToCredentials(credentials: Map<string, CredentialDelta>, { event }: AssessedLine): void {
  const { detail } = event;
  if (detail.kind !== 'login') return;
  const { username, password = null } = detail;
  const delta = upsert(credentials, `${username}\0${password === null ? 'key' : `password ${password}`}`, () => ({
    username: username.slice(0, shownCharactersMax),
    password: password?.slice(0, shownCharactersMax) ?? null,
    attempts: 0,
    successes: 0,
    lastTime: event.timestamp,
  }));
  delta.attempts++;
  if (detail.succeeded) delta.successes++;
  if (event.timestamp > delta.lastTime) delta.lastTime = event.timestamp;
}

function addToTechniques(techniques: Map<string, TechniqueDelta>, { event, assessment }: AssessedLine): void {
  for (const { id } of assessment?.techniques ?? []) {
    const delta = upsert(techniques, id, () => ({ events: 0, firstTime: event.timestamp, lastTime: event.timestamp }));
    delta.events++;
    widen(delta, event.timestamp);
  }
}

function widen(span: TimeSpan, time: string): void {
  if (time < span.firstTime) span.firstTime = time;
  if (time > span.lastTime) span.lastTime = time;
}

function upsert<V>(map: Map<string, V>, key: string, make: (key: string) => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = make(key);
  map.set(key, fresh);
  return fresh;
}
