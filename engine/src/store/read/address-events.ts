import type { EventSummary } from '@cerberusmesh/contract/api-events';
import { isOfVisit, visitsOf } from '../address-visits.ts';
import { epochMsOf, eventColumns, smallestEventId } from './event-columns.ts';
import type { Reader } from './reader.ts';
import type { EventWindow } from './search/event-windows.ts';
import type { Where } from './statement.ts';

/** A page is mostly in the first few sessions; rare things need many, which are then looked through in larger steps. */
const sessionSteps = [20, 80, 320] as const;
/** Some milliseconds of looking. */
const sessionlessAtOnce = 8_000;

/** Stretches for a walk backwards through the events of some addresses, each with a bounded number of sessions in it. */
export async function* windowsOfAddresses(
  reader: Reader,
  addresses: readonly string[],
  { before, first }: { readonly before: string; readonly first: string },
): AsyncGenerator<EventWindow> {
  let sessions: number = sessionSteps[0];
  for (let high = before; high > first; ) {
    const edge = await findEdge(reader, addresses, { low: first, high }, sessions);
    const low = edge > first ? edge : first;
    yield { low, high };
    high = low;
    sessions = sessionSteps.find((step) => step > sessions) ?? sessions;
  }
}

/** What these addresses did in one stretch, newest first. `where` holds all other conditions of an event. */
export async function listEventsOfAddresses(
  reader: Reader,
  addresses: readonly string[],
  { low, high }: EventWindow,
  where: Where,
  rowsMax: number,
): Promise<EventSummary[]> {
  where.add('id >= ?', low);
  where.add('id < ?', high);
  const given = where.parameter(addresses);
  const limit = where.parameter(rowsMax);
  const period = {
    low: momentOf(where.parameter(epochMsOf(low))),
    high: momentOf(where.parameter(epochMsOf(high) + 1)),
  };
  const newest = `order by id desc limit ${limit}`;
  // Session by session, so that it is this index that is walked, whatever PostgreSQL guesses of the other conditions.
  return await reader.rows<EventSummary>(
    `select ${eventColumns} from events where id in (
       select found.id from unnest(${given}::text[]) as given (address) cross join lateral (
         (select e.id from (${visitsOf('given.address', period)}) visit cross join lateral (
            select id from events ${where.text} and source_ip = given.address and ${isOfVisit} ${newest}) e
           order by e.id desc limit ${limit})
         union all
         (select id from events ${where.text} and source_ip = given.address and session_id is null ${newest})) found
        order by found.id desc limit ${limit})
      ${newest}`,
    where.values,
  );
}

/** The greatest id in the window that has so many sessions, or so many events without one, between it and the window's end. */
async function findEdge(
  reader: Reader,
  addresses: readonly string[],
  { low, high }: EventWindow,
  sessions: number,
): Promise<string> {
  const share = Math.max(1, addresses.length);
  const [edge] = await reader.rows<{ start_ms: number | null; id: string | null }>(
    `select extract(epoch from max(session.start_time))::float8 * 1000 as start_ms, max(sessionless.id::text) as id
       from unnest($1::text[]) as given (address)
       left join lateral (select start_time from sessions
                           where source_ip = given.address and start_time < ${momentOf('$2')} and start_time >= ${momentOf('$3')}
                           order by start_time desc offset $4 limit 1) session on true
       left join lateral (select id from events
                           where source_ip = given.address and session_id is null and id < $5 and id >= $6
                           order by id desc offset $7 limit 1) sessionless on true`,
    [
      addresses,
      epochMsOf(high),
      epochMsOf(low),
      Math.ceil(sessions / share),
      high,
      low,
      Math.ceil(sessionlessAtOnce / share),
    ],
  );
  // Before the millisecond of `high`, so that each step is one back.
  const bySession = edge?.start_ms == null ? low : smallestEventId(edge.start_ms);
  const bySessionless = edge?.id ?? low;
  return bySession > bySessionless ? bySession : bySessionless;
}

/** Of epoch milliseconds: a parameter that is a Date reaches no further than the year 9999, and ids do. */
function momentOf(parameter: string): string {
  return `to_timestamp(${parameter}::float8 / 1000)`;
}
