import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import {
  LurePage,
  LureQuery,
  type LureRecord,
  TouchPage,
  TouchQuery,
  type TouchRecord,
} from '@cerberusmesh/contract/api-lures';
import type { Api } from '../api.ts';

export interface LureQueries {
  listLures(query: LureQuery): Promise<Page<LureRecord>>;
  listTouches(query: TouchQuery): Promise<Page<TouchRecord>>;
}

/** What was planted and for whom, and where it was used. */
export function addLureRoutes(api: Api, queries: LureQueries): void {
  api.get(
    '/api/lures',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['lures'],
        summary: 'Planted secrets, for whom they were planted and who read them first, newest first',
        querystring: LureQuery,
        response: { 200: LurePage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listLures(query),
  );
  api.get(
    '/api/touches',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['lures'],
        summary: 'Planted secrets that were used, with where they came from, newest first',
        querystring: TouchQuery,
        response: { 200: TouchPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listTouches(query),
  );
}
