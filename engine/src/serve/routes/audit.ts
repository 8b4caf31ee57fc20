import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import { AuditPage, AuditQuery, type AuditRecord } from '@cerberusmesh/contract/audit';
import type { Api } from '../api.ts';

export interface AuditQueries {
  listAudit(query: AuditQuery): Promise<Page<AuditRecord>>;
}

/** What was decided, done and changed, by whom; `cerberus audit verify` tells whether it is all still there. */
export function addAuditRoutes(api: Api, queries: AuditQueries): void {
  api.get(
    '/api/audit',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['audit'],
        summary: 'The audit log, newest first, each entry with its place in the hash chain',
        querystring: AuditQuery,
        response: { 200: AuditPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listAudit(query),
  );
}
