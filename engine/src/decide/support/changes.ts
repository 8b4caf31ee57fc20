import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import { aSituation, now } from './situations.ts';

/** A session as the pipeline hands it to the decider. */
export function aChange({
  sessionId = 's1',
  sourceIp = '192.0.2.1',
  sensor = 'sensor-a',
  at = now,
  session = {},
}: {
  sessionId?: string;
  sourceIp?: string;
  sensor?: string;
  at?: Date;
  session?: Partial<SessionState>;
} = {}): SessionChange {
  const situation = aSituation({ session });
  return {
    event: {
      id: situation.eventId,
      eventType: 'cowrie.command.input',
      timestamp: at.toISOString(),
      epochMs: at.getTime(),
      sensor,
      sessionId,
      protocol: 'ssh',
      sourceIp,
      sourcePort: 50_000,
      late: false,
      detail: { kind: 'command', input: 'x', phase: 'typed' },
    },
    assessment: { ...situation.assessment, techniques: [], partial: false },
    session: situation.session,
  };
}
