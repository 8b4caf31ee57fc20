import { hash } from 'node:crypto';
import type { Decision, DecisionKind } from '@cerberusmesh/contract/decision';
import type pg from 'pg';
import {
  integerColumn,
  jsonColumn,
  jsonTextColumn,
  realColumn,
  textColumn,
  timestampColumn,
  uuidColumn,
} from './array-parameters.ts';
import { canonicalJson } from './canonical-json.ts';
import { contentOf } from './decision-digest.ts';
import { askJobOf, jobsOf } from './decision-jobs.ts';
import { type Statement, sendTogether } from './statement.ts';
import { isStorable, storable } from './storable-json.ts';

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
export function decisionsStatement(made: readonly Decision[]): Statement | undefined {
  if (made.length === 0) return undefined;
  const entries = made.map(entryOf);
  const jobs = entries.flatMap(({ decision }) => {
    if (decision.verdict === 'act') return jobsOf(decision);
    return decision.verdict === 'ask' ? [askJobOf(decision)] : [];
  });
  return { name: 'store decisions', text: storeText, values: [...columnsOf(entries), JSON.stringify(jobs)] };
}

/** A decision as it is stored. */
interface Entry {
  readonly decision: Decision;
  readonly inputs: string | null;
  readonly digest: string;
}

/** Its inputs are most of a decision: they are written as JSON once, and that is looked through, hashed and stored. */
function entryOf(made: Decision): Entry {
  const written = writtenOf(made);
  // What is written of a mended one may still look as if it were not (`\ud`), so it is not asked again.
  const { decision, inputs, content } = isStorable(written.content) ? written : writtenOf(storable(made));
  return { decision, inputs: decision.inputs && inputs, digest: hash('sha256', content) };
}

function writtenOf(decision: Decision) {
  const inputs = canonicalJson(decision.inputs);
  return { decision, inputs, content: contentOf(decision, inputs) };
}

function columnsOf(entries: readonly Entry[]): Buffer[] {
  const decisions = entries.map(({ decision }) => decision);
  return [
    uuidColumn(decisions, ({ id }) => id),
    timestampColumn(decisions, ({ decidedAt }) => decidedAt),
    textColumn(decisions, ({ decision }) => decision),
    textColumn(decisions, ({ verdict }) => verdict),
    textColumn(decisions, ({ wanted }) => wanted),
    textColumn(decisions, ({ guard }) => guard),
    textColumn(decisions, ({ target }) => target),
    textColumn(decisions, ({ adaptations }) => adaptations.join(',')),
    textColumn(decisions, ({ rule }) => rule),
    textColumn(decisions, ({ why }) => why),
    textColumn(decisions, ({ sensor }) => sensor),
    textColumn(decisions, ({ sessionId }) => sessionId),
    textColumn(decisions, ({ sourceIp }) => sourceIp),
    uuidColumn(decisions, ({ eventId }) => eventId),
    textColumn(decisions, ({ severity }) => severity),
    realColumn(decisions, ({ threatScore }) => threatScore),
    realColumn(decisions, ({ confidence }) => confidence),
    textColumn(decisions, ({ policyVersion }) => policyVersion),
    textColumn(decisions, ({ modelVersion }) => modelVersion),
    jsonTextColumn(entries, ({ inputs }) => inputs),
    jsonColumn(decisions, (decision) => JSON.stringify(planOf(decision))),
    textColumn(entries, ({ digest }) => digest),
    integerColumn(decisions, ({ approvalSeconds }) => approvalSeconds),
  ];
}

/** What `contract/decision` says of how it is carried out. */
function planOf(decision: Decision) {
  const { also, alsoParameters, parameters, lifetimeSeconds, approvalSeconds, quietUntil, draws } = decision;
  return { also, alsoParameters, parameters, lifetimeSeconds, approvalSeconds, quietUntil, draws };
}

// Columns and not one document: taking each decision apart there was a millisecond of every live batch.
const storeText = `
with given as (
  select * from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                       $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::text[], $16::real[],
                       $17::real[], $18::text[], $19::text[], $20::json[], $21::jsonb[], $22::text[], $23::int[])
    as d (id, decided_at, decision, verdict, wanted, guard, target, adaptations, rule, why, sensor, session_id, source_ip,
          event_id, severity, threat_score, confidence, policy_version, model_version, inputs, plan, digest,
          approval_seconds)),
made as (
  insert into decisions (id, decided_at, decision, verdict, wanted, guard, target, adaptations, rule, why, sensor,
                         session_id, source_ip, event_id, severity, threat_score, confidence, policy_version,
                         model_version, inputs, plan)
  select id, decided_at, decision, verdict, wanted, guard, target, string_to_array(adaptations, ','), rule, why, sensor,
         session_id, source_ip, event_id, severity, threat_score, confidence, policy_version, model_version, inputs, plan
    from given
  on conflict (id) do nothing
  returning id),
fresh as (
  select given.id, verdict, digest, decided_at, approval_seconds from given join made using (id)),
chained as (
  insert into audit_pending (decisions)
  select jsonb_object_agg(id, digest) from fresh having count(*) > 0),
asked as (
  insert into approvals (decision_id, asked_at, expires_at)
  select id, decided_at, decided_at + make_interval(secs => approval_seconds) from fresh where verdict = 'ask')
insert into jobs (kind, job_key, payload, run_at)
select j->>'kind', j->>'key', j->'payload', coalesce((j->>'runAt')::timestamptz, now())
  from jsonb_array_elements($24::jsonb) j join fresh on fresh.id = (j->>'decisionId')::uuid
on conflict (job_key) do nothing`;

/** Something that was done, as cooldown, budget and blast radius count it. */
export interface DoneDecision {
  readonly id: string;
  readonly kind: DecisionKind;
  readonly target: string;
  readonly atMs: number;
}

/**
 * What was decided to be done since `since`, so that the guards outlive a restart; but for what a clock dated that was days
 * ahead, which would be done anew at each start until then.
 */
export async function findDone(pool: pg.Pool, since: Date): Promise<DoneDecision[]> {
  const { rows } = await pool.query<{ id: string; kind: DecisionKind; target: string; sensor: string; at: Date }>(
    `select id, decision as kind, target, sensor, decided_at as at from decisions
      where verdict <> 'nothing' and decided_at >= $1 and decided_at < $1::timestamptz + interval '2 days' order by decided_at limit 20000`,
    [since],
  );
  return rows.map(({ id, kind, target, sensor, at }) => ({
    id,
    kind,
    target: target || `sensor:${sensor}`,
    atMs: at.getTime(),
  }));
}
