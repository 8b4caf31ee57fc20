import type { Page } from '@cerberusmesh/contract/api';
import {
  type ParkedQuery,
  type ParkedRecord,
  parkedShownBytesMax,
  type StoredLedger,
} from '@cerberusmesh/contract/api-sources';
import { z } from 'zod';
import { createCursor, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const parkedCursor = createCursor('parked', [z.string().regex(/^\d{1,18}$/)]);

/** Reads of `sources` and `parked_lines`. */
export function createSourceReads(reader: Reader) {
  return {
    async listSources(): Promise<StoredLedger[]> {
      return await reader.rows<StoredLedger>(
        `select source_id, sources.kind, sources.place, bytes_read::float8 as bytes_read, bytes_stored::float8 as bytes_stored,
                bytes_duplicate::float8 as bytes_duplicate, bytes_parked::float8 as bytes_parked,
                lines_stored::float8 as lines_stored, lines_duplicate::float8 as lines_duplicate,
                lines_parked::float8 as lines_parked, ${isoColumn('last_event_at')}, ${isoColumn('updated_at')},
                case when sources.kind = 'sensor' then coalesce((position->>'lost')::float8, 0) else 0 end
                  + coalesce((n.heartbeat->'lost'->>'bytes')::float8, 0) as bytes_lost
           from sources left join sensors n on n.kind = 'mesh' and source_id = 'sensor ' || n.sensor
          order by sources.updated_at desc limit 1000`,
      );
    },

    /** Newest first. */
    async listParked(query: ParkedQuery): Promise<Page<ParkedRecord>> {
      const where = createWhere();
      if (query.include_resolved !== true) where.add('event_id is null');
      where.addIf('source_id = ?', query.source_id);
      where.addIf('reason = ?', query.reason);
      if (query.cursor !== undefined) where.add('id < ?::bigint', ...parkedCursor.decode(query.cursor));
      const rows = await reader.rows<Omit<ParkedRecord, 'text'> & { head: Buffer }>(
        `select id::text as id, source_id, reason, explanation, substring(bytes from 1 for ${parkedShownBytesMax}) as head,
                length(bytes)::float8 as bytes, covered_bytes::float8 as covered_bytes, ${isoColumn('parked_at')},
                ${isoColumn('retried_at')}, event_id
           from parked_lines ${where.text} order by parked_lines.id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      const { data, next_cursor } = toPage(rows, query.limit, (last) => parkedCursor.encode([last.id]));
      return { data: data.map(({ head, ...parked }) => ({ ...parked, text: printable(head) })), next_cursor };
    },
  };
}

function printable(bytes: Buffer): string {
  return [...bytes]
    .map((byte) =>
      byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}
