import { type Page, periodBounds } from '@cerberusmesh/contract/api';
import type { SessionDetails, SessionQuery, SessionSummary, TimelineEvent } from '@cerberusmesh/contract/api-sessions';
import { createCursor, cursorId, cursorTime, toPage } from './cursor.ts';
import { eventColumns, smallestEventId } from './event-columns.ts';
import type { Reader } from './reader.ts';
import { compileSearch } from './search/compile.ts';
import { sessionTerms } from './search/list-terms.ts';
import { sessionColumns } from './session-columns.ts';
import { createWhere } from './statement.ts';

const listCursor = createCursor('sessions', [cursorTime, cursorId]);
const timelineCursor = createCursor('timeline', [cursorId]);

/** What was stored as an assessment may be older than its form today: what is no list counts as none. */
const findingsColumn = `case when jsonb_typeof(assessment -> 'techniques') = 'array'
  then jsonb_path_query_array(assessment, '$.techniques[0 to 15]') else '[]' end as findings`;

/** Reads of `sessions`, and of the events of one of them. */
export function createSessionReads(reader: Reader) {
  return {
    /** Newest start first. `now` is for searches that ask how long ago. */
    async listSessions(query: SessionQuery, now: Date): Promise<Page<SessionSummary>> {
      const where = createWhere();
      const { fromMs, toMs } = periodBounds(query);
      if (query.cursor !== undefined) {
        where.add('(start_time, id) < (?::timestamptz, ?::uuid)', ...listCursor.decode(query.cursor));
      }
      if (fromMs !== null) where.add('start_time >= ?', new Date(fromMs));
      if (toMs !== null) where.add('start_time < ?', new Date(toMs));
      // One by one, each is read from the index in the order of the list; an array would be sorted.
      if (query.severity?.length === 1) where.add('severity = ?', query.severity[0]);
      else if (query.severity !== undefined) where.add('severity = any(?)', query.severity);
      where.addIf('source_ip = ?', query.source_ip);
      where.addIf('sensor = ?', query.sensor);
      where.addIf('successful_login = ?', query.successful_login);
      if (query.active !== undefined) where.add(query.active ? 'is_active' : 'not is_active');
      if (query.include_probe !== true) where.add('not is_probe');
      if (query.q !== undefined) where.add(compileSearch(query.q, sessionTerms, { parameter: where.parameter, now }));
      const rows = await reader.rows<SessionSummary>(
        `select ${sessionColumns} from sessions ${where.text}
          order by sessions.start_time desc, id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => listCursor.encode([last.start_time, last.id]));
    },

    /** By the row's id or by the honeypot's session id; of several sensors with the same id, the newest session. */
    async findSession(
      id: string,
      query: { readonly sensor?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
    ): Promise<SessionDetails | undefined> {
      const where = createWhere();
      where.add(isRowId(id) ? 'id = ?' : 'session_id = ?', id);
      where.addIf('sensor = ?', query.sensor);
      const [session] = await reader.rows<Omit<SessionDetails, 'timeline'>>(
        `select ${sessionColumns}, anomaly_why, novelty_why from sessions ${where.text} order by sessions.start_time desc limit 1`,
        where.values,
      );
      if (session === undefined) return undefined;
      return { ...session, timeline: await listTimeline(session, query.limit, query.cursor) };
    },
  };

  /** Oldest first: a session is read as it happened. */
  async function listTimeline(session: SessionSummary, limit: number, cursor: string | undefined) {
    const where = createWhere();
    where.add('session_id = ? and sensor = ?', session.session_id, session.sensor);
    // From its first to its last event: the partitions of all other days are not looked at.
    where.add('id >= ?', smallestEventId(Date.parse(session.start_time)));
    where.add('id < ?', smallestEventId(Date.parse(session.last_event_time) + 1));
    if (cursor !== undefined) where.add('id > ?', ...timelineCursor.decode(cursor));
    const rows = await reader.rows<TimelineEvent>(
      `select ${eventColumns}, ${findingsColumn} from events ${where.text} order by id limit ${where.parameter(limit + 1)}`,
      where.values,
    );
    const { data, next_cursor } = toPage(rows, limit, (last) => timelineCursor.encode([last.id]));
    return { data, next_cursor };
  }
}

/** Else it is the honeypot's own session id. */
export function isRowId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
