import type { Page } from '@cerberusmesh/contract/api';
import type { ActionQuery, ActionRecord } from '@cerberusmesh/contract/api-actions';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('actions', [cursorTime, cursorId]);

// The plan is left out: it holds what undoing needs, sealed secrets among it.
const actionColumns = `
  id, kind, target, status, cause_id, decision_id, requested_by, approved_by, reason, severity, sensor, session_id, source_ip,
  parameters, steps, result, verification, error, undo_error, attempts, ${isoColumn('created_at')},
  ${isoColumn('applied_at')}, ${isoColumn('verified_at')}, ${isoColumn('expires_at')}, ${isoColumn('ended_at')}`;

/** Reads of `actions`, newest first. */
export function createActionReads(reader: Reader) {
  return {
    async listActions(query: ActionQuery): Promise<Page<ActionRecord>> {
      const where = createWhere();
      where.addIf('kind = ?', query.kind);
      where.addIf('status = ?', query.status);
      where.addIf('source_ip = ?', query.source_ip);
      where.addIf('session_id = ?', query.session_id);
      where.addIf('cause_id = ?', query.cause_id);
      if (query.cursor !== undefined) {
        where.add('(created_at, id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<ActionRecord>(
        `select ${actionColumns} from actions ${where.text}
          order by actions.created_at desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.created_at, last.id]));
    },

    async findAction(id: string): Promise<ActionRecord | undefined> {
      const rows = await reader.rows<ActionRecord>(`select ${actionColumns} from actions where id = $1`, [id]);
      return rows[0];
    },
  };
}
