import { Decision } from '@cerberusmesh/contract/decision';
import type pg from 'pg';

/** A decision as the table holds it: whole, and its inputs also as they lie there, whatever version wrote them. */
export interface FoundDecision {
  readonly decision: Decision;
  readonly rawInputs: unknown;
}

/** In no particular order; ids that are not there are left out. */
export async function findDecisions(pool: Pick<pg.Pool, 'query'>, ids: readonly string[]): Promise<FoundDecision[]> {
  if (ids.length === 0) return [];
  const { rows } = await pool.query<{ decision: unknown; inputs: unknown }>(
    `select ${wholeDecision} as decision, inputs from decisions where id = any($1::uuid[])`,
    [ids],
  );
  return rows.map(({ decision, inputs }) => ({ decision: Decision.parse(decision), rawInputs: inputs }));
}

/** A row of `decisions` as the contract's Decision. */
const wholeDecision = `
  plan || jsonb_build_object(
    'id', id, 'decidedAt', to_char(decided_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'decision', decision, 'verdict', verdict, 'wanted', wanted, 'guard', guard, 'target', target,
    'adaptations', adaptations, 'rule', rule, 'why', why, 'sensor', sensor, 'sessionId', session_id,
    'sourceIp', source_ip, 'eventId', event_id, 'severity', severity, 'threatScore', threat_score,
    'confidence', confidence, 'policyVersion', policy_version, 'modelVersion', model_version, 'inputs', inputs)`;
