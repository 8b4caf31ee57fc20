import type { Page } from '@cerberusmesh/contract/api';
import type { LureQuery, LureRecord, TouchQuery, TouchRecord } from '@cerberusmesh/contract/api-lures';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import type { Reader } from './reader.ts';
import { createWhere, isoColumn } from './statement.ts';

const lureCursor = createCursor('lures', [cursorTime, cursorId]);
const touchCursor = createCursor('touches', [cursorTime, cursorId]);

const lureColumns = `
  l.id, l.adaptation_id, l.trap as action_type, l.kind, l.path, l.shown, l.sensor, l.session_id, l.source_ip,
  ${isoColumn('l.planted_at')}, ${isoColumn('l.first_read_at')}, l.first_read_session, l.first_read_ip`;

/** Reads of lures and touches, newest first. What lies ready and was planted for nobody yet is not shown. */
export function createLureReads(reader: Reader) {
  return {
    async listLures(query: LureQuery): Promise<Page<LureRecord>> {
      const where = createWhere();
      where.add('l.planted_at is not null');
      where.addIf('l.kind = ?', query.kind);
      where.addIf('l.session_id = ?', query.session_id);
      where.addIf('l.adaptation_id = ?', query.adaptation_id);
      if (query.source_ip !== undefined)
        where.add('(l.source_ip = ? or l.first_read_ip = ?)', query.source_ip, query.source_ip);
      if (query.touched !== undefined) {
        where.add(`${query.touched === 'true' ? '' : 'not '}exists (select 1 from touches t where t.lure_id = l.id)`);
      }
      if (query.cursor !== undefined) {
        where.add('(l.planted_at, l.id) < (?::timestamptz, ?::uuid)', ...lureCursor.decode(query.cursor));
      }
      const rows = await reader.rows<LureRecord>(
        `select ${lureColumns}, (select count(*)::float8 from touches t where t.lure_id = l.id) as touches
           from lures l ${where.text}
          order by l.planted_at desc, l.id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => lureCursor.encode([last.planted_at, last.id]));
    },

    async listTouches(query: TouchQuery): Promise<Page<TouchRecord>> {
      const where = createWhere();
      where.addIf('t.lure_id = ?', query.lure_id);
      where.addIf('t.session_id = ?', query.session_id);
      where.addIf('t.source_ip = ?', query.source_ip);
      if (query.cursor !== undefined) {
        where.add('(t.touched_at, t.id) < (?::timestamptz, ?::uuid)', ...touchCursor.decode(query.cursor));
      }
      const rows = await reader.rows<TouchRecord>(
        `${touchSelect} ${where.text}
          order by t.touched_at desc, t.id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => touchCursor.encode([last.touched_at, last.id]));
    },

    /** The touches of these events, for the live feed. */
    async findTouches(eventIds: readonly string[]): Promise<readonly TouchRecord[]> {
      return await reader.rows<TouchRecord>(`${touchSelect} where t.event_id = any($1::uuid[]) order by t.id`, [
        eventIds,
      ]);
    },
  };
}

const touchSelect = `
  select t.id, ${isoColumn('t.touched_at')}, t.place, t.event_id, t.sensor, t.session_id, t.source_ip, to_jsonb(l) as lure
    from touches t join lateral (select ${lureColumns} from lures l where l.id = t.lure_id) l on true`;
