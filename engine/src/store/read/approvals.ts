import type { Page } from '@cerberusmesh/contract/api';
import type { ApprovalQuery, ApprovalRecord } from '@cerberusmesh/contract/api-approvals';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('approvals', [cursorTime, cursorId]);

const approvalText = `
  select d.id, a.status, ${isoColumn('a.asked_at')}, ${isoColumn('a.expires_at')}, ${isoColumn('a.answered_at')},
         a.answered_by, a.note, d.decision, d.adaptations,
         array(select jsonb_array_elements_text(coalesce(d.plan->'also', '[]'))) as also, d.target, d.rule, d.why,
         d.sensor, d.session_id, d.source_ip, d.severity, d.threat_score
    from approvals a join decisions d on d.id = a.decision_id`;

/** Reads of `approvals`, newest first. */
export function createApprovalReads(reader: Reader) {
  return {
    async listApprovals(query: ApprovalQuery): Promise<Page<ApprovalRecord>> {
      const where = createWhere();
      where.addIf('a.status = ?', query.status);
      if (query.cursor !== undefined) {
        where.add('(a.asked_at, a.decision_id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<ApprovalRecord>(
        `${approvalText} ${where.text} order by a.asked_at desc, a.decision_id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.asked_at, last.id]));
    },

    async findApproval(id: string): Promise<ApprovalRecord | undefined> {
      const rows = await reader.rows<ApprovalRecord>(`${approvalText} where a.decision_id = $1`, [id]);
      return rows[0];
    },
  };
}
