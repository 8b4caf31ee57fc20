import { SessionState } from '@cerberusmesh/contract/assessment';
import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import { Severity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';

interface Row {
  readonly id: string;
  readonly event_type: string;
  readonly timestamp: Date;
  readonly source_ip: string | null;
  readonly protocol: string | null;
  readonly severity: string;
  readonly threat_score: number;
  readonly anomaly_score: number | null;
  readonly attack_type: string | null;
  readonly confidence: number | null;
  readonly why: string | null;
  readonly model_version: string | null;
  readonly state: unknown;
}

/** A stored session with one of its events, as decide is given it while the session goes on; undefined where it is gone. */
export async function loadSessionChange(
  pool: pg.Pool,
  session: { readonly sensor: string; readonly sessionId: string },
  eventId: string,
): Promise<SessionChange | undefined> {
  const { rows } = await pool.query<Row>(
    `select e.id, e.event_type, e.timestamp, s.source_ip, e.protocol, e.severity, e.threat_score, e.anomaly_score,
            e.attack_type, e.confidence, e.why, e.assessment->>'modelVersion' as model_version, s.state
       from sessions s join events e on e.session_id = s.session_id and e.sensor = s.sensor
      where s.session_id = $1 and s.sensor = $2 and e.id = $3`,
    [session.sessionId, session.sensor, eventId],
  );
  const row = rows[0];
  const state = SessionState.safeParse(row?.state);
  const severity = Severity.safeParse(row?.severity);
  if (!row || !state.success || !severity.success) return undefined;
  return {
    event: {
      id: row.id,
      eventType: row.event_type,
      timestamp: row.timestamp.toISOString(),
      epochMs: row.timestamp.getTime(),
      ...session,
      protocol: row.protocol,
      sourceIp: row.source_ip,
      sourcePort: null,
      late: false,
      detail: { kind: 'generic' },
    },
    assessment: {
      severity: severity.data,
      threatScore: row.threat_score,
      anomalyScore: row.anomaly_score ?? 0,
      attackType: row.attack_type ?? 'none',
      confidence: row.confidence ?? 0,
      why: row.why ?? '',
      techniques: [],
      partial: false,
      modelVersion: row.model_version ?? 'unknown',
    },
    session: state.data,
  };
}
