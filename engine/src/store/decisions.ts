import type { Decision } from '@cerberusmesh/contract/decision';
import type pg from 'pg';

/** Stores decisions, and queues what follows from them in the same statement: no decision without its job, no job without its cause. */
export async function storeDecisions(client: pg.PoolClient, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  // Each decision as JSON in its own words, and again as the job's payload, where there is something to carry out.
  await client.query({ name: 'store decisions', text: storeText, values: [JSON.stringify(decisions)] });
}

const storeText = `
with made as (
  insert into decisions (id, decided_at, decision, adaptations, rule, why, sensor, session_id, source_ip, event_id,
                         severity, threat_score, confidence, policy_version, model_version)
  select (d->>'id')::uuid, (d->>'decidedAt')::timestamptz, d->>'decision',
         array(select jsonb_array_elements_text(d->'adaptations')), d->>'rule', d->>'why', d->>'sensor', d->>'sessionId',
         d->>'sourceIp', (d->>'eventId')::uuid, d->>'severity', (d->>'threatScore')::real, (d->>'confidence')::real,
         d->>'policyVersion', d->>'modelVersion'
    from jsonb_array_elements($1::jsonb) d
  on conflict (id) do nothing
  returning id)
insert into jobs (kind, job_key, payload)
select 'act', 'act ' || made.id, d
  from jsonb_array_elements($1::jsonb) d join made on made.id = (d->>'id')::uuid
 where d->'adaptations' <> '[]'
on conflict (job_key) do nothing`;

/** When each sensor last got an adaptation, so that the cooldown outlives a restart. */
export async function findLastAdaptations(pool: pg.Pool): Promise<Map<string, Date>> {
  const { rows } = await pool.query<{ sensor: string; latest: Date }>(
    `select sensor, max(decided_at) as latest from decisions where adaptations <> '{}' group by sensor`,
  );
  return new Map(rows.map((row) => [row.sensor, row.latest]));
}
