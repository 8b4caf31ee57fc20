import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import { type KeptFile, KeptFilePage, KeptFileQuery } from '@cerberusmesh/contract/monitor';
import type { Api } from '../api.ts';

export interface KeptFileQueries {
  listKeptFiles(query: KeptFileQuery): Promise<Page<KeptFile>>;
}

/** What watched visitors left. The files themselves are not served: they are what attackers brought. */
export function addKeptFileRoutes(api: Api, queries: KeptFileQueries): void {
  api.get(
    '/api/kept-files',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['actions'],
        summary: 'Recordings and payloads that were kept of watched visitors, newest first',
        querystring: KeptFileQuery,
        response: { 200: KeptFilePage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listKeptFiles(query),
  );
}
