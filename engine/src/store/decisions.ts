import type { Decision } from '@cerberusmesh/contract/decision';
import type pg from 'pg';

/** Stores decisions, and queues what follows from them in the same transaction: no decision without its job, no job without its cause. */
export async function storeDecisions(client: pg.PoolClient, decisions: readonly Decision[]): Promise<void> {
  for (const decision of decisions) {
    const { rowCount } = await client.query(
      `insert into decisions (id, decided_at, decision, adaptations, rule, why, sensor, session_id, source_ip, event_id,
                              severity, threat_score, confidence, policy_version, model_version)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) on conflict (id) do nothing`,
      [
        decision.id,
        decision.decidedAt,
        decision.decision,
        decision.adaptations,
        decision.rule,
        decision.why,
        decision.sensor,
        decision.sessionId,
        decision.sourceIp,
        decision.eventId,
        decision.severity,
        decision.threatScore,
        decision.confidence,
        decision.policyVersion,
        decision.modelVersion,
      ],
    );
    if (rowCount === 1 && decision.adaptations.length > 0) await queueAct(client, decision);
  }
}

async function queueAct(client: pg.PoolClient, decision: Decision): Promise<void> {
  await client.query(
    `insert into jobs (kind, job_key, payload) values ('act', $1, $2) on conflict (job_key) do nothing`,
    [`act ${decision.id}`, JSON.stringify(decision)],
  );
}

/** When each sensor last got an adaptation, so that the cooldown outlives a restart. */
export async function findLastAdaptations(pool: pg.Pool): Promise<Map<string, Date>> {
  const { rows } = await pool.query<{ sensor: string; latest: Date }>(
    `select sensor, max(decided_at) as latest from decisions where adaptations <> '{}' group by sensor`,
  );
  return new Map(rows.map((row) => [row.sensor, row.latest]));
}
