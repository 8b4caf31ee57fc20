import type { Page } from '@cerberusmesh/contract/api';
import type { AdaptationQuery, AdaptationRecord } from '@cerberusmesh/contract/api-decisions';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('adaptations', [cursorTime, cursorId]);

const adaptationColumns = `
  id, decision_id, cause_id, requested_by, action_type, severity, sensor, session_id, source_ip, reason, status, success, action_details,
  old_config, new_config, steps, verification, error, undo_error, ${isoColumn('expires_at')}, ${isoColumn('applied_at')},
  ${isoColumn('verified_at')}, ${isoColumn('rolled_back_at')}, ${isoColumn('created_at')}`;

/** How the adaptations of a period went; rates are null where there was nothing to rate. */
export interface AdaptationOutcomes {
  readonly successRate: number | null;
  readonly falseAlarmRate: number | null;
}

/** Reads of `adaptations`, newest first. */
export function createAdaptationReads(reader: Reader) {
  return {
    async listAdaptations(query: AdaptationQuery): Promise<Page<AdaptationRecord>> {
      const where = createWhere();
      where.addIf('status = ?', query.status);
      where.addIf('session_id = ?', query.session_id);
      where.addIf('sensor = ?', query.sensor);
      where.addIf('cause_id = ?', query.cause_id);
      if (query.cursor !== undefined) {
        where.add('(created_at, id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<AdaptationRecord>(
        `select ${adaptationColumns} from adaptations ${where.text}
          order by adaptations.created_at desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.created_at, last.id]));
    },

    async findAdaptation(id: string): Promise<AdaptationRecord | undefined> {
      const rows = await reader.rows<AdaptationRecord>(`select ${adaptationColumns} from adaptations where id = $1`, [
        id,
      ]);
      return rows[0];
    },

    /** Of the adaptations carried out (not dry runs) since `since`; a false alarm is what a person took back as one. */
    async readOutcomes(since: Date): Promise<AdaptationOutcomes> {
      const [row] = await reader.rows<{ finished: number; succeeded: number; falseAlarms: number }>(
        `select count(*)::float8 as finished, (count(*) filter (where success))::float8 as succeeded,
                (select count(*)::float8 from audit_log
                  where action = 'adaptation.rollback' and details->>'reason' = 'false_alarm' and at >= $1)
                  as "falseAlarms"
           from adaptations where created_at >= $1 and success is not null and status <> 'dry_run'`,
        [since],
      );
      if (row === undefined || row.finished === 0) return { successRate: null, falseAlarmRate: null };
      const falseAlarmRate = row.succeeded === 0 ? null : Math.min(1, row.falseAlarms / row.succeeded);
      return { successRate: row.succeeded / row.finished, falseAlarmRate };
    },
  };
}
