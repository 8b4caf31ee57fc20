import { ErrorBody, type Page, queryText } from '@cerberusmesh/contract/api';
import {
  SessionDetails,
  SessionPage,
  SessionQuery,
  type SessionSummary,
  SessionTimelineQuery,
} from '@cerberusmesh/contract/api-sessions';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';

export interface SessionQueries {
  listSessions(query: SessionQuery, now: Date): Promise<Page<SessionSummary>>;
  findSession(id: string, query: z.output<typeof SessionTimelineQuery>): Promise<SessionDetails | undefined>;
}

/** Visits, and one of them with its timeline. */
export function addSessionRoutes(api: Api, queries: SessionQueries, clock: Clock): void {
  api.get(
    '/api/sessions',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sessions'],
        summary: 'Sessions, newest first',
        querystring: SessionQuery,
        response: { 200: SessionPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listSessions(query, clock.now()),
  );

  api.get(
    '/api/sessions/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sessions'],
        summary: 'One session and its events, oldest first; limit and cursor page through the events',
        params: z.object({ id: queryText(255).describe('The id of the row, or the session id of the honeypot') }),
        querystring: SessionTimelineQuery,
        response: { 200: SessionDetails, default: ErrorBody },
      },
    },
    async ({ params, query }) => {
      const session = await queries.findSession(params.id, query);
      if (session === undefined) throw new CerberusError('NOT_FOUND', 'There is no such session.');
      return session;
    },
  );
}
