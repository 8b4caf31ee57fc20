import type { Page } from '@cerberusmesh/contract/api';
import type { AuditQuery, AuditRecord } from '@cerberusmesh/contract/audit';
import { createCursor, cursorCount, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('audit', [cursorCount]);

export const auditColumns = `
  seq, id, ${isoColumn('at')}, actor, action, subject, details, encode(prev_hash, 'hex') as prev_hash,
  encode(hash, 'hex') as hash`;

/** Reads of `audit_log`, newest first. */
export function createAuditReads(reader: Reader) {
  return {
    async listAudit(query: AuditQuery): Promise<Page<AuditRecord>> {
      const where = createWhere();
      where.addIf('action = ?', query.action);
      where.addIf('actor = ?', query.actor);
      where.addIf('subject = ?', query.subject);
      if (query.cursor !== undefined) where.add('id < ?', ...cursor.decode(query.cursor));
      const rows = await reader.rows<AuditRecord>(
        `select ${auditColumns} from audit_log ${where.text}
          order by id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.id]));
    },
  };
}
