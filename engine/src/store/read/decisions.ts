import type { Page } from '@cerberusmesh/contract/api';
import type { DecisionQuery, DecisionRecord } from '@cerberusmesh/contract/api-decisions';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('decisions', [cursorTime, cursorId]);

const decisionColumns = `
  id, ${isoColumn('decided_at')}, decision, verdict, wanted, guard, target, adaptations, rule, why, sensor, session_id, source_ip, event_id, severity,
  threat_score, confidence, policy_version, model_version`;

/** Reads of `decisions`, newest first. */
export function createDecisionReads(reader: Reader) {
  return {
    async listDecisions(query: DecisionQuery): Promise<Page<DecisionRecord>> {
      const where = createWhere();
      where.addIf('decision = ?', query.decision);
      where.addIf('verdict = ?', query.verdict);
      where.addIf('rule = ?', query.rule);
      where.addIf('session_id = ?', query.session_id);
      if (query.cursor !== undefined) {
        where.add('(decided_at, id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<DecisionRecord>(
        `select ${decisionColumns} from decisions ${where.text}
          order by decisions.decided_at desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.decided_at, last.id]));
    },
  };
}
