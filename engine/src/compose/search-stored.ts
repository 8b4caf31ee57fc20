import { AttackerQuery } from '@cerberusmesh/contract/api-attackers';
import { EventQuery } from '@cerberusmesh/contract/api-events';
import { SessionQuery } from '@cerberusmesh/contract/api-sessions';
import type { Clock } from '../kit/clock.ts';
import type { Queries } from '../store/read/queries.ts';

export const searchLists = ['events', 'sessions', 'attackers'] as const;
export type SearchList = (typeof searchLists)[number];

export interface FoundPage {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  /** How far back a search of events has come, where that is not yet told by its rows. */
  readonly searchedTo: string | undefined;
}

const pageRows = 1000;

/** Pages of what a search finds, newest or gravest first, at most `limit` rows in all. The parameters are the API's. */
export async function* searchStored(
  queries: Queries,
  clock: Clock,
  asked: { readonly list: SearchList; readonly parameters: Readonly<Record<string, unknown>>; readonly limit: number },
): AsyncGenerator<FoundPage> {
  let left = asked.limit;
  for (let cursor: string | null | undefined; cursor !== null && left > 0; ) {
    const page = await ask(cursor, Math.min(left, pageRows));
    yield { rows: page.data, searchedTo: 'searched_to' in page ? page.searched_to : undefined };
    left -= page.data.length;
    cursor = page.next_cursor;
  }

  async function ask(cursor: string | undefined, limit: number) {
    const parameters = { ...asked.parameters, limit, ...(cursor === undefined ? {} : { cursor }) };
    const now = clock.now();
    if (asked.list === 'events') return await queries.listEvents(EventQuery.parse(parameters), now);
    if (asked.list === 'sessions') return await queries.listSessions(SessionQuery.parse(parameters), now);
    return await queries.listAttackers(AttackerQuery.parse(parameters), now);
  }
}
