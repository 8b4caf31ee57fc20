import { ErrorBody, limitOf } from '@cerberusmesh/contract/api';
import { EventDetails, EventPage, EventQuery } from '@cerberusmesh/contract/api-events';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';

export interface EventQueries {
  listEvents(query: EventQuery, now: Date): Promise<EventPage>;
  findEvent(id: string): Promise<EventDetails | undefined>;
}

/** `limitDefault` is how many events a list gives where no limit is asked for (`CERBERUS_MAX_EVENTS`). */
export function addEventRoutes(api: Api, queries: EventQueries, clock: Clock, limitDefault: number): void {
  const list = {
    config: { access: 'viewer' },
    schema: {
      tags: ['events'],
      summary: 'Events, newest first; q searches them',
      querystring: EventQuery.extend({ limit: limitOf(limitDefault) }),
      response: { 200: EventPage, default: ErrorBody },
    },
  } as const;
  api.get('/api/events', list, async ({ query }) => await queries.listEvents(query, clock.now()));
  // The first seed's name for the same list.
  api.get('/events', list, async ({ query }) => await queries.listEvents(query, clock.now()));

  api.get(
    '/api/events/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['events'],
        summary: 'One event, whole, with its session and its neighbours there',
        params: z.object({ id: z.guid() }),
        response: { 200: EventDetails, default: ErrorBody },
      },
    },
    async ({ params }) => {
      const event = await queries.findEvent(params.id);
      if (event === undefined) throw new CerberusError('NOT_FOUND', `There is no event ${params.id}.`);
      return event;
    },
  );
}
