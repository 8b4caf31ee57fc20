import type { AssessedLine, BatchWrite } from '@cerberusmesh/contract/between-stages';
import { composeEventId } from '@cerberusmesh/contract/event-id';

/** `n` below 1000 makes a line's id, its time and its microsecond. */
export interface LineOptions {
  readonly n: number;
  readonly command?: string;
  readonly login?: boolean;
  readonly username?: string;
  readonly password?: string;
  readonly session?: string | null;
  readonly ip?: string | null;
  readonly epochMs?: number;
}

/** Line number `n` of a session, assessed: a command, a login, or else a connection. */
export function aLine({
  n,
  command,
  login,
  username = 'root',
  password = 'x',
  session = 's1',
  ip = '192.0.2.1',
  epochMs,
}: LineOptions): AssessedLine {
  const time = epochMs ?? Date.UTC(2026, 10, 21, 12, 0, n);
  return {
    event: {
      id: composeEventId(time, n, `${n}`.padStart(16, '0')),
      eventType: login ? 'cowrie.login.success' : 'cowrie.command.input',
      timestamp: `${new Date(time).toISOString().slice(0, -1)}${`${n}`.padStart(3, '0')}Z`,
      epochMs: time,
      sensor: 'sensor-a',
      sessionId: session,
      protocol: 'ssh',
      sourceIp: ip,
      sourcePort: 4000,
      late: false,
      detail: login
        ? { kind: 'login', succeeded: true, username, password }
        : { kind: 'command', phase: 'typed', input: command ?? 'w' },
    },
    rawJson: JSON.stringify({ n }),
    sessionKey: session === null ? undefined : `sensor-a\0${session}`,
    rawBytes: null,
    coveredBytes: 10,
    probe: false,
    assessment: {
      severity: 'HIGH',
      threatScore: 0.9,
      anomalyScore: 0.5,
      attackType: 'x',
      confidence: 0.8,
      why: 'because',
      techniques: [{ id: 'T1033', confidence: 0.9, why: 'rule' }],
      partial: false,
      modelVersion: 'v',
    },
  };
}

/** A batch of ten bytes a line, as from a file. */
export function aBatch(lines: readonly AssessedLine[]): BatchWrite {
  return {
    source: { sourceId: 'test', kind: 'file', place: 'a file' },
    lines,
    duplicates: { lines: 0, bytes: 0 },
    parked: [],
    blankBytes: 0,
    states: new Map(),
    decisions: [],
    position: { offset: 1 },
    readBytes: lines.length * 10,
  };
}
