import type { AnalysisRecord } from '@cerberusmesh/contract/analysis';
import type { Page } from '@cerberusmesh/contract/api';
import type { AnalysisQuery } from '@cerberusmesh/contract/api-analyses';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const cursor = createCursor('analyses', [cursorTime, cursorId]);

const columns = `
  id, session_id, sensor, source_ip, status, reading, citations, why, threat_score_before, threat_score_after,
  recommendation, reused, provider, model, input_tokens, output_tokens, took_ms, ${isoColumn('analysed_at')}`;

/** Reads of `analyses`, newest first. */
export function createAnalysisReads(reader: Reader) {
  return {
    async listAnalyses(query: AnalysisQuery): Promise<Page<AnalysisRecord>> {
      const where = createWhere();
      where.addIf('status = ?', query.status);
      where.addIf('session_id = ?', query.session_id);
      where.addIf('source_ip = ?', query.source_ip);
      if (query.cursor !== undefined) {
        where.add('(analysed_at, id) < (?::timestamptz, ?::uuid)', ...cursor.decode(query.cursor));
      }
      const rows = await reader.rows<AnalysisRecord>(
        `select ${columns} from analyses ${where.text}
          order by analyses.analysed_at desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.analysed_at, last.id]));
    },

    async findAnalysis(id: string): Promise<AnalysisRecord | undefined> {
      const [row] = await reader.rows<AnalysisRecord>(`select ${columns} from analyses where id = $1`, [id]);
      return row;
    },
  };
}
