import { periodBounds } from '@cerberusmesh/contract/api';
import type { EventDetails, EventPage, EventQuery, EventSummary } from '@cerberusmesh/contract/api-events';
import { listEventsOfAddresses, windowsOfAddresses } from './address-events.ts';
import { createCursor, cursorId, toPage } from './cursor.ts';
import { epochMsOf, eventColumns, smallestEventId, wholeEventColumns } from './event-columns.ts';
import { endOfHour, matchingHours } from './matching-hours.ts';
import type { Reader } from './reader.ts';
import { type EventSearch, searchEvents } from './search/search-events.ts';
import { sessionContextColumns } from './session-columns.ts';
import { createWhere, type Where } from './statement.ts';

const cursor = createCursor('events', [cursorId]);
const neighboursMax = 5;

/** Reads of `events`: always in the order of the ids, which is the order of time and of the primary key. */
export function createEventReads(reader: Reader) {
  return {
    /** Newest first. `now` is for searches that ask how long ago. */
    async listEvents(query: EventQuery, now: Date): Promise<EventPage> {
      const before = query.cursor === undefined ? null : cursor.decode(query.cursor)[0];
      if (query.q !== undefined) return await listFound({ ...query, q: query.q }, before, now);
      const rows = await listBy(query)(reader, query, before);
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

  async function listFound(query: EventSearch['query'], before: string | null, now: Date): Promise<EventPage> {
    const filter = () => filterOf(query);
    const { rows, searchedTo } = await searchEvents(reader, { query, before, filter, now });
    const found = toPage(rows, query.limit, (last) => cursor.encode([last.id]));
    if (searchedTo === null) return found;
    return { ...found, next_cursor: cursor.encode([searchedTo.id]), searched_to: searchedTo.at };
  }
}

type WholeEvent = Omit<EventDetails, 'session' | 'before' | 'after'>;

function listBy(query: EventQuery) {
  if (query.source_ip !== undefined && query.session_id === undefined) return listByAddress;
  return isSparse(query) ? listByHours : listByIndex;
}

/**
 * True where matches may lie far apart in time and no index leads to them: then the rollup does. It knows no addresses
 * and no probes, and of HIGH events there is an index.
 */
function isSparse({ source_ip, session_id, include_probe, severity, ...query }: EventQuery): boolean {
  if (source_ip !== undefined || session_id !== undefined || include_probe === true) return false;
  const isHighOnly = severity?.length === 1 && severity[0] === 'HIGH';
  return typeOf(query) !== undefined || query.sensor !== undefined || (severity !== undefined && !isHighOnly);
}

/** Walks an index backwards from the newest, and stops after one row more than a page. */
async function listByIndex(reader: Reader, query: EventQuery, before: string | null): Promise<EventSummary[]> {
  const where = filterOf(query);
  const { fromMs, toMs } = periodBounds(query);
  if (before !== null) where.add('id < ?', before);
  if (fromMs !== null) where.add('id >= ?', smallestEventId(fromMs));
  if (toMs !== null) where.add('id < ?', smallestEventId(toMs));
  return await reader.rows<EventSummary>(
    `select ${eventColumns} from events ${where.text} order by id desc limit ${where.parameter(query.limit + 1)}`,
    where.values,
  );
}

/** Goes back through the sessions of an address, until there is one row more than a page. */
async function listByAddress(reader: Reader, query: EventQuery, before: string | null): Promise<EventSummary[]> {
  const addresses = [query.source_ip ?? ''];
  const { fromMs, toMs } = periodBounds(query);
  const until = smallestEventId(toMs ?? Number.MAX_SAFE_INTEGER);
  const bounds = { before: before === null || until < before ? until : before, first: smallestEventId(fromMs ?? 0) };
  const rows: EventSummary[] = [];
  for await (const window of windowsOfAddresses(reader, addresses, bounds)) {
    const missing = query.limit + 1 - rows.length;
    rows.push(...(await listEventsOfAddresses(reader, addresses, window, filterOf(query), missing)));
    if (rows.length > query.limit) break;
  }
  return rows;
}

/** Looks only into the hours that the rollup names, newest first, until there is one row more than a page. */
async function listByHours(reader: Reader, query: EventQuery, before: string | null): Promise<EventSummary[]> {
  const { fromMs, toMs } = periodBounds(query);
  // The cursor's own millisecond may hold more events before it.
  const cursorMs = before === null ? null : epochMsOf(before) + 1;
  const beforeMs = cursorMs === null || toMs === null ? (cursorMs ?? toMs) : Math.min(cursorMs, toMs);
  const filter = { eventType: typeOf(query), sensor: query.sensor, severities: query.severity, fromMs, beforeMs };
  const rows: EventSummary[] = [];
  for await (const hours of matchingHours(reader, filter, query.limit + 1)) {
    const where = filterOf(query);
    if (before !== null) where.add('id < ?', before);
    if (fromMs !== null) where.add('id >= ?', smallestEventId(fromMs));
    if (toMs !== null) where.add('id < ?', smallestEventId(toMs));
    const missing = where.parameter(query.limit + 1 - rows.length);
    const ranges = [hours.map((hour) => smallestEventId(hour.getTime())), hours.map((hour) => endOf(hour))];
    const [lows, highs] = ranges.map((range) => where.parameter(range));
    rows.push(
      ...(await reader.rows<EventSummary>(
        `select found.* from unnest(${lows}::uuid[], ${highs}::uuid[]) as hour (low, high) cross join lateral (
           select ${eventColumns} from events ${where.text} and id >= hour.low and id < hour.high
            order by id desc limit ${missing}) found
          order by found.id desc limit ${missing}`,
        where.values,
      )),
    );
    if (rows.length > query.limit) break;
  }
  return rows;
}

function filterOf(query: EventQuery): Where {
  const where = createWhere();
  const { severity } = query;
  // A single severity is written as `=`, so that the partial index of HIGH serves it.
  if (severity?.length === 1) where.add('severity = ?', severity[0]);
  else if (severity !== undefined) where.add('severity = any(?)', severity);
  where.addIf('source_ip = ?', query.source_ip);
  where.addIf('event_type = ?', typeOf(query));
  where.addIf('session_id = ?', query.session_id);
  where.addIf('sensor = ?', query.sensor);
  if (query.include_probe !== true) where.add('not is_probe');
  return where;
}

function typeOf({ event_type, type }: Pick<EventQuery, 'event_type' | 'type'>): string | undefined {
  return event_type ?? type;
}

function endOf(hour: Date): string {
  return smallestEventId(endOfHour(hour).getTime());
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
