import { type Page, periodBounds } from '@cerberusmesh/contract/api';
import type { EventDetails, EventQuery, EventSummary } from '@cerberusmesh/contract/api-events';
import { createCursor, cursorId, toPage } from './cursor.ts';
import { eventColumns, smallestEventId, wholeEventColumns } from './event-columns.ts';
import type { Reader } from './reader.ts';
import { sessionContextColumns } from './session-columns.ts';
import { createWhere } from './statement.ts';

const cursor = createCursor('events', [cursorId]);
const neighboursMax = 5;

/** Reads of `events`: always in the order of the ids, which is the order of time and of the primary key. */
export function createEventReads(reader: Reader) {
  return {
    /** Newest first. */
    async listEvents(query: EventQuery): Promise<Page<EventSummary>> {
      const where = createWhere();
      const { fromMs, toMs } = periodBounds(query);
      if (query.cursor !== undefined) where.add('id < ?', ...cursor.decode(query.cursor));
      if (fromMs !== null) where.add('id >= ?', smallestEventId(fromMs));
      if (toMs !== null) where.add('id < ?', smallestEventId(toMs));
      addSeverities(where, query.severity);
      where.addIf('source_ip = ?', query.source_ip);
      where.addIf('event_type = ?', query.event_type ?? query.type);
      where.addIf('session_id = ?', query.session_id);
      where.addIf('sensor = ?', query.sensor);
      if (query.include_probe !== true) where.add('not is_probe');
      const rows = await reader.rows<EventSummary>(
        `select ${eventColumns} from events ${where.text} order by id desc limit ${where.parameter(query.limit + 1)}`,
        where.values,
      );
      return toPage(rows, query.limit, (last) => cursor.encode([last.id]));
    },

    /** One event, whole, with its session and its neighbours there. */
    async findEvent(id: string): Promise<EventDetails | undefined> {
      const [event] = await reader.rows<WholeEvent>(
        `select ${wholeEventColumns}, assessment, raw_event, encode(raw_bytes, 'base64') as raw_bytes
           from events where id = $1`,
        [id],
      );
      if (event === undefined) return undefined;
      if (event.session_id === null) return { ...event, shortened: false, session: null, before: [], after: [] };
      const [session, before, after] = await Promise.all([
        findContext(reader, event.session_id, event.sensor),
        listNeighbours(reader, event, '<', 'desc'),
        listNeighbours(reader, event, '>', 'asc'),
      ]);
      return { ...event, shortened: false, session, before: before.reverse(), after };
    },
  };
}

type WholeEvent = Omit<EventDetails, 'session' | 'before' | 'after'>;

/** A single severity is written as `=`, so that the partial index of HIGH serves it. */
function addSeverities(where: ReturnType<typeof createWhere>, severities: readonly string[] | undefined): void {
  if (severities === undefined || severities.length === 0) return;
  if (severities.length === 1) where.add('severity = ?', severities[0]);
  else where.add('severity = any(?)', severities);
}

async function findContext(reader: Reader, sessionId: string, sensor: string): Promise<EventDetails['session']> {
  const [session] = await reader.rows<NonNullable<EventDetails['session']>>(
    `select ${sessionContextColumns} from sessions where session_id = $1 and sensor = $2`,
    [sessionId, sensor],
  );
  return session ?? null;
}

async function listNeighbours(
  reader: Reader,
  event: WholeEvent,
  side: '<' | '>',
  order: 'asc' | 'desc',
): Promise<EventSummary[]> {
  return await reader.rows<EventSummary>(
    `select ${eventColumns} from events
      where session_id = $1 and sensor = $2 and id ${side} $3 order by id ${order} limit ${neighboursMax}`,
    [event.session_id, event.sensor, event.id],
  );
}
