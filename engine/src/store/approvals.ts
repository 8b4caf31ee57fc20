import type { ApprovalAnswer, ApprovalStatus } from '@cerberusmesh/contract/approval';
import type pg from 'pg';
import { appendAudit } from './audit.ts';
import type { Database } from './database.ts';
import { jobsOf } from './decision-jobs.ts';
import { findDecisions } from './find-decisions.ts';
import { storableJson } from './storable-json.ts';

/** `too_late`: it was answered before, has expired or was cancelled; `status` says which. */
export type AnswerOutcome =
  | { readonly kind: 'answered' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'too_late'; readonly status: ApprovalStatus };

/** Questions to people. Each is answered once: whoever comes second, or too late, is told so. */
export function createApprovals({ database, now }: { readonly database: Database; readonly now: () => Date }) {
  return {
    /** An approval queues the decision's jobs in the same transaction. */
    async answer(decisionId: string, answer: ApprovalAnswer, by: string, note: string | null): Promise<AnswerOutcome> {
      return await database.transaction(async (client) => {
        const { rowCount } = await client.query(
          `update approvals set status = $2, answered_at = $3, answered_by = $4, note = $5
            where decision_id = $1 and status = 'pending' and expires_at > $3`,
          [decisionId, answer, now(), by, note],
        );
        if (rowCount === 0) return await whyNot(client, decisionId, now());
        const action = answer === 'approved' ? 'approval.approve' : 'approval.reject';
        await appendAudit(client, { actor: by, action, subject: decisionId, details: { note } });
        if (answer === 'approved') await queueJobs(client, decisionId);
        return { kind: 'answered' };
      });
    },

    /** Those that nobody answered in time are not done. */
    async expire(): Promise<number> {
      return await endPending(database.pool, 'expired', 'engine', 'expires_at <= $3', now());
    },

    async cancelAll(by: string): Promise<number> {
      return await endPending(database.pool, 'cancelled', by, 'true', now());
    },

    async isPending(decisionId: string): Promise<boolean> {
      const { rowCount } = await database.pool.query(
        `select 1 from approvals where decision_id = $1 and status = 'pending' and expires_at > $2`,
        [decisionId, now()],
      );
      return rowCount === 1;
    },

    /** Who agreed to a decision; null where nobody was asked. */
    async findApprover(decisionId: string): Promise<string | null> {
      const { rows } = await database.pool.query<{ answered_by: string | null }>({
        name: 'find approver',
        text: `select answered_by from approvals where decision_id = $1 and status = 'approved'`,
        values: [decisionId],
      });
      return rows[0]?.answered_by ?? null;
    },
  };
}

async function whyNot(client: pg.PoolClient, decisionId: string, now: Date): Promise<AnswerOutcome> {
  const { rows } = await client.query<{ status: ApprovalStatus; expired: boolean }>(
    'select status, expires_at <= $2 as expired from approvals where decision_id = $1',
    [decisionId, now],
  );
  const [row] = rows;
  if (!row) return { kind: 'not_found' };
  return { kind: 'too_late', status: row.status === 'pending' && row.expired ? 'expired' : row.status };
}

async function queueJobs(client: pg.PoolClient, decisionId: string): Promise<void> {
  for (const { decision } of await findDecisions(client, [decisionId])) {
    for (const { kind, key, payload, runAt } of jobsOf({ ...decision, verdict: 'act' })) {
      await client.query(
        `insert into jobs (kind, job_key, payload, run_at) values ($1, $2, $3, coalesce($4, now()))
         on conflict (job_key) do nothing`,
        [kind, key, storableJson(payload), runAt],
      );
    }
  }
}

async function endPending(
  pool: pg.Pool,
  status: 'expired' | 'cancelled',
  by: string,
  which: string,
  now: Date,
): Promise<number> {
  const { rowCount } = await pool.query(
    `with ended as (
       update approvals set status = $1, answered_at = $3, answered_by = $2 where status = 'pending' and (${which})
       returning decision_id)
     insert into audit_log (actor, action, subject, details)
     select $2, 'approval.' || $1, decision_id::text, '{}' from ended`,
    [status, by, now],
  );
  return rowCount ?? 0;
}
