import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { graver, type Severity } from '@cerberusmesh/contract/severity';

const techniquesMax = 32;
const recentCommandsMax = 16;
/** Longer commands are shortened where they are remembered. */
export const recentCommandCharacters = 200;
const usernameCharacters = 64;

/** A session of which nothing is known before `event`. */
export function startSession(event: SensorEvent): SessionState {
  return {
    events: 0,
    commands: 0,
    failedLogins: 0,
    succeededLogin: false,
    transfers: 0,
    tunnels: 0,
    firstEpochMs: event.epochMs,
    lastEpochMs: event.epochMs,
    severity: 'LOW',
    threatScore: 0,
    techniques: [],
    recentCommands: [],
    probe: false,
  };
}

/** The session after `event`; bounded whatever the visitor does. */
export function afterEvent(
  session: SessionState,
  event: SensorEvent,
  found: {
    readonly severity: Severity;
    readonly threatScore: number;
    readonly techniques: readonly string[];
    /** Of all logins so far; negative or absent where that is not known. */
    readonly oddestLogin?: number;
  },
): SessionState {
  const after: { -readonly [Key in keyof SessionState]: SessionState[Key] } = {
    ...session,
    events: session.events + 1,
    firstEpochMs: Math.min(session.firstEpochMs, event.epochMs),
    lastEpochMs: Math.max(session.lastEpochMs, event.epochMs),
    severity: graver(session.severity, found.severity),
    threatScore: Math.max(session.threatScore, found.threatScore),
    techniques: withTechniques(session.techniques, found.techniques),
  };
  if (found.oddestLogin !== undefined && found.oddestLogin >= 0) after.oddestLogin = found.oddestLogin;
  const { detail } = event;
  if (detail.kind === 'login') {
    if (detail.succeeded) after.succeededLogin = true;
    else after.failedLogins++;
    after.lastLogin = loginOf(detail);
  } else if (detail.kind === 'transfer') after.transfers++;
  else if (detail.kind === 'tunnel') after.tunnels++;
  else if (detail.kind === 'recording') after.recordings = (session.recordings ?? 0) + 1;
  else if (detail.kind === 'command' && detail.phase === 'typed') {
    after.commands++;
    after.recentCommands = withLatest(session.recentCommands, detail.input.slice(0, recentCommandCharacters));
    const { recentEpochsMs = [] } = session;
    // Absent where some of the commands came before times were remembered.
    if (recentEpochsMs.length === session.recentCommands.length)
      after.recentEpochsMs = withLatest(recentEpochsMs, event.epochMs);
  }
  return after;
}

function withLatest<T>(known: readonly T[], latest: T): T[] {
  return [...known.slice(1 - recentCommandsMax), latest];
}

function loginOf({ username, keyFingerprint }: Extract<SensorEvent['detail'], { kind: 'login' }>) {
  return { username: username.slice(0, usernameCharacters), keyFingerprint: keyFingerprint ?? null };
}

function withTechniques(known: string[], found: readonly string[]): string[] {
  if (found.length === 0) return known;
  const fresh = found.filter((technique) => !known.includes(technique));
  return fresh.length === 0 ? known : [...known, ...fresh].slice(0, techniquesMax);
}
