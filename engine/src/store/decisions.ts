import type { Decision, DecisionKind } from '@cerberusmesh/contract/decision';
import type pg from 'pg';
import { digestOf } from './decision-digest.ts';
import { askJobOf, jobsOf } from './decision-jobs.ts';
import { type Statement, sendTogether } from './statement.ts';

/** Stores decisions, in a transaction of the caller's. */
export async function storeDecisions(client: pg.PoolClient, decisions: readonly Decision[]): Promise<void> {
  const statement = decisionsStatement(decisions);
  if (statement) await sendTogether(client, [statement]);
}

/**
 * Stores decisions, and queues what follows from them in the same statement: no decision without its job or its
 * question, and none of these without its cause. Their digests wait for the audit chain, as one row. None where nothing
 * was decided.
 */
export function decisionsStatement(decisions: readonly Decision[]): Statement | undefined {
  if (decisions.length === 0) return undefined;
  const digests = Object.fromEntries(decisions.map((decision) => [decision.id, digestOf(decision)]));
  const jobs = decisions.flatMap((decision) => {
    if (decision.verdict === 'act') return jobsOf(decision);
    return decision.verdict === 'ask' ? [askJobOf(decision)] : [];
  });
  const values = [decisions, digests, jobs].map((value) => JSON.stringify(value));
  return { name: 'store decisions', text: storeText, values };
}

const storeText = `
with given as (
  select (d->>'id')::uuid as id, d from jsonb_array_elements($1::jsonb) d),
made as (
  insert into decisions (id, decided_at, decision, verdict, wanted, guard, target, adaptations, rule, why, sensor,
                         session_id, source_ip, event_id, severity, threat_score, confidence, policy_version,
                         model_version, inputs, plan)
  select id, (d->>'decidedAt')::timestamptz, d->>'decision', d->>'verdict', d->>'wanted', d->>'guard', d->>'target',
         array(select jsonb_array_elements_text(d->'adaptations')), d->>'rule', d->>'why', d->>'sensor', d->>'sessionId',
         d->>'sourceIp', (d->>'eventId')::uuid, d->>'severity', (d->>'threatScore')::real, (d->>'confidence')::real,
         d->>'policyVersion', d->>'modelVersion', nullif(d->'inputs', 'null'),
         jsonb_build_object('also', d->'also', 'alsoParameters', d->'alsoParameters', 'parameters', d->'parameters', 'lifetimeSeconds', d->'lifetimeSeconds',
                            'approvalSeconds', d->'approvalSeconds', 'quietUntil', d->'quietUntil', 'draws', d->'draws')
    from given
  on conflict (id) do nothing
  returning id),
fresh as (
  select given.* from given join made using (id)),
chained as (
  insert into audit_pending (decisions)
  select jsonb_object_agg(id, $2::jsonb->(id::text)) from fresh having count(*) > 0),
asked as (
  insert into approvals (decision_id, asked_at, expires_at)
  select id, (d->>'decidedAt')::timestamptz,
         (d->>'decidedAt')::timestamptz + make_interval(secs => (d->>'approvalSeconds')::float8)
    from fresh where d->>'verdict' = 'ask')
insert into jobs (kind, job_key, payload, run_at)
select j->>'kind', j->>'key', j->'payload', coalesce((j->>'runAt')::timestamptz, now())
  from jsonb_array_elements($3::jsonb) j join fresh on fresh.id = (j->>'decisionId')::uuid
on conflict (job_key) do nothing`;

/** Something that was done, as cooldown, budget and blast radius count it. */
export interface DoneDecision {
  readonly kind: DecisionKind;
  readonly target: string;
  readonly atMs: number;
}

/** What was decided to be done since `since`, so that the guards outlive a restart. */
export async function findDone(pool: pg.Pool, since: Date): Promise<DoneDecision[]> {
  const { rows } = await pool.query<{ kind: DecisionKind; target: string; sensor: string; at: Date }>(
    `select decision as kind, target, sensor, decided_at as at from decisions
      where verdict <> 'nothing' and decided_at >= $1 order by decided_at limit 20000`,
    [since],
  );
  return rows.map(({ kind, target, sensor, at }) => ({
    kind,
    target: target || `sensor:${sensor}`,
    atMs: at.getTime(),
  }));
}
