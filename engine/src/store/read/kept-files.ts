import type { Page } from '@cerberusmesh/contract/api';
import type { KeptFile, KeptFileQuery } from '@cerberusmesh/contract/monitor';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('kept files', [cursorTime, cursorId]);

/** Reads of `kept_files`, newest first. */
export function createKeptFileReads(reader: Reader) {
  return {
    async listKeptFiles(query: KeptFileQuery): Promise<Page<KeptFile>> {
      const where = createWhere();
      where.addIf('source_ip = ?', query.source_ip);
      where.addIf('session_id = ?', query.session_id);
      where.addIf('kind = ?', query.kind);
      if (query.cursor !== undefined) {
        where.add('(kept_at, id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<KeptFile>(
        `select id, sensor, session_id, source_ip, kind, name, event_id, path, bytes::float8 as bytes, sha256, note,
                ${isoColumn('kept_at')}
           from kept_files ${where.text}
          order by kept_files.kept_at desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.kept_at, last.id]));
    },
  };
}
