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
  const { detail } = event;
  const typed = detail.kind === 'command' && detail.phase === 'typed';
  return {
    ...session,
    events: session.events + 1,
    commands: session.commands + (typed ? 1 : 0),
    failedLogins: session.failedLogins + (detail.kind === 'login' && !detail.succeeded ? 1 : 0),
    succeededLogin: session.succeededLogin || (detail.kind === 'login' && detail.succeeded),
    transfers: session.transfers + (detail.kind === 'transfer' ? 1 : 0),
    tunnels: session.tunnels + (detail.kind === 'tunnel' ? 1 : 0),
    firstEpochMs: Math.min(session.firstEpochMs, event.epochMs),
    lastEpochMs: Math.max(session.lastEpochMs, event.epochMs),
    severity: graver(session.severity, found.severity),
    threatScore: Math.max(session.threatScore, found.threatScore),
    techniques: withTechniques(session.techniques, found.techniques),
    recentCommands: typed
      ? [...session.recentCommands.slice(1 - recentCommandsMax), detail.input.slice(0, recentCommandCharacters)]
      : session.recentCommands,
    ...(typed ? withEpoch(session, event.epochMs) : {}),
    ...(found.oddestLogin === undefined || found.oddestLogin < 0 ? {} : { oddestLogin: found.oddestLogin }),
    ...(detail.kind === 'login' ? { lastLogin: loginOf(detail) } : {}),
  };
}

/** One for each of the recent commands. Absent where some of them came before times were remembered. */
function withEpoch(
  { recentCommands, recentEpochsMs = [] }: SessionState,
  epochMs: number,
): Pick<SessionState, 'recentEpochsMs'> {
  if (recentEpochsMs.length !== recentCommands.length) return {};
  return { recentEpochsMs: [...recentEpochsMs.slice(1 - recentCommandsMax), epochMs] };
}

function loginOf({ username, keyFingerprint }: Extract<SensorEvent['detail'], { kind: 'login' }>) {
  return { username: username.slice(0, usernameCharacters), keyFingerprint: keyFingerprint ?? null };
}

function withTechniques(known: string[], found: readonly string[]): string[] {
  const fresh = found.filter((technique) => !known.includes(technique));
  return fresh.length === 0 ? known : [...known, ...fresh].slice(0, techniquesMax);
}
