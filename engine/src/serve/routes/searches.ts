import { ErrorBody } from '@cerberusmesh/contract/api';
import { SavedSearch, SavedSearches, SaveSearch } from '@cerberusmesh/contract/api-searches';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { describeFault, parseSearch } from '@cerberusmesh/contract/search';
import { attackerFields, eventFields, sessionFields } from '@cerberusmesh/contract/search-fields';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';

export interface SavedSearchDesk {
  list(owner: string): Promise<SavedSearch[]>;
  save(owner: string, search: SaveSearch): Promise<SavedSearch>;
  remove(owner: string, id: string): Promise<boolean>;
}

const fieldsOf = { events: eventFields, sessions: sessionFields, attackers: attackerFields } as const;

/** Searches that somebody keeps: each sees and changes only his own. */
export function addSearchRoutes(api: Api, searches: SavedSearchDesk): void {
  api.get(
    '/api/searches',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['searches'],
        summary: 'The searches that the asker has saved',
        response: { 200: SavedSearches, default: ErrorBody },
      },
    },
    async ({ identity }) => ({ data: await searches.list(actorOf(identity)) }),
  );

  api.post(
    '/api/searches',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['searches'],
        summary: 'Saves a search for the asker; one of the same name is replaced',
        body: SaveSearch,
        response: { 200: SavedSearch, default: ErrorBody },
      },
    },
    async ({ identity, body }) => {
      const result = parseSearch(body.q, fieldsOf[body.list]);
      if (result.kind === 'fault') throw new CerberusError('VALIDATION_FAILED', describeFault(body.q, result.fault));
      return await searches.save(actorOf(identity), body);
    },
  );

  api.delete(
    '/api/searches/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['searches'],
        summary: 'Takes a saved search away',
        params: z.object({ id: z.guid() }),
        response: { 200: z.object({ removed: z.literal(true) }), default: ErrorBody },
      },
    },
    async ({ identity, params }) => {
      if (await searches.remove(actorOf(identity), params.id)) return { removed: true as const };
      throw new CerberusError('NOT_FOUND', 'You have no such saved search.');
    },
  );
}
