import { periodBounds } from '@cerberusmesh/contract/api';
import type { DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import type { DecisionDetails, DryRunReport, DryRunRequest, PolicyRecord } from '@cerberusmesh/contract/api-policy';
import type { Decision } from '@cerberusmesh/contract/decision';
import { Policy } from '@cerberusmesh/contract/policy';
import type { VersionedPolicy } from '../decide/decide.ts';
import { createDryRun } from '../decide/dry-run.ts';
import { explainDecision, findRules } from '../decide/explain.ts';
import { checkPolicy } from '../decide/read-policy.ts';
import type { Database } from '../store/database.ts';
import { findDecisions } from '../store/find-decisions.ts';
import { findPolicy } from '../store/policies.ts';
import { readMoments } from '../store/recorded-moments.ts';
import { readKnownNames } from './known-names.ts';

const weekMs = 7 * 86_400_000;
/** About a minute of work. */
const momentsMax = 500_000;

/** Explains past decisions, and asks other policies about the past. */
export function createPolicyDesk({ database, now }: { readonly database: Database; readonly now: () => Date }) {
  return {
    check: async (given: unknown): Promise<PolicyRecord> =>
      toPolicyRecord(checkPolicy(given, 'policy', await readKnownNames())),

    async dryRun(request: DryRunRequest, inForce: VersionedPolicy): Promise<DryRunReport> {
      const policy = request.policy === undefined ? inForce : checkPolicy(request.policy, 'policy');
      const { fromMs, toMs } = periodBounds(request);
      const to = new Date(toMs ?? now().getTime());
      const from = new Date(fromMs ?? to.getTime() - weekMs);
      const run = createDryRun(policy);
      const complete = await readMoments(database, { from, to }, momentsMax, run.take);
      const { sessions, moments, recorded, would, keptFrom, changed, changes } = run.result();
      return {
        version: policy.version,
        ...{ from: from.toISOString(), to: to.toISOString(), sessions, moments, complete, recorded, would },
        kept_from: keptFrom,
        sessions_changed: changed,
        changes: changes.map((change) => ({
          at: change.at.toISOString(),
          sensor: change.sensor,
          session_id: change.sessionId,
          source_ip: change.sourceIp,
          recorded: [...change.recorded],
          would: [...change.would],
        })),
      };
    },

    async explain(id: string, findApproval: FindApproval): Promise<DecisionDetails | undefined> {
      const [found] = await findDecisions(database.pool, [id]);
      if (!found) return undefined;
      const { decision } = found;
      const policy = Policy.safeParse(await findPolicy(database.pool, decision.policyVersion)).data;
      const approval = await findApproval(id);
      return {
        ...toDecisionRecord(decision),
        explanation: explainDecision(decision, policy),
        rules: (policy ? findRules(decision, policy) : []).map((rule) => ({
          ...rule,
          conditions: [...rule.conditions],
        })),
        inputs: decision.inputs,
        also: [...decision.also],
        parameters: decision.parameters,
        lifetime_seconds: decision.lifetimeSeconds,
        quiet_until: decision.quietUntil,
        draws: decision.draws,
        approval: approval ? { status: approval.status, answered_by: approval.answered_by } : null,
      };
    },
  };
}

type FindApproval = (
  id: string,
) => Promise<{ readonly status: string; readonly answered_by: string | null } | undefined>;

/** A policy under the API's names. */
export function toPolicyRecord({ version, policy }: VersionedPolicy): PolicyRecord {
  return { version, policy };
}

/** A decision under the table's names. */
export function toDecisionRecord(decision: Decision): DecisionRecord {
  return {
    id: decision.id,
    decided_at: decision.decidedAt,
    decision: decision.decision,
    verdict: decision.verdict,
    wanted: decision.wanted,
    guard: decision.guard,
    target: decision.target,
    adaptations: [...decision.adaptations],
    rule: decision.rule,
    why: decision.why,
    sensor: decision.sensor,
    session_id: decision.sessionId,
    source_ip: decision.sourceIp,
    event_id: decision.eventId,
    severity: decision.severity,
    threat_score: decision.threatScore,
    confidence: decision.confidence,
    policy_version: decision.policyVersion,
    model_version: decision.modelVersion,
  };
}
