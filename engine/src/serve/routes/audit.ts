import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import { AuditPage, AuditQuery, type AuditRecord, AuditReport } from '@cerberusmesh/contract/audit';
import type { Api } from '../api.ts';

export interface AuditQueries {
  listAudit(query: AuditQuery): Promise<Page<AuditRecord>>;
}

/** What was decided, done and changed, by whom; and whether it is all still there. */
export function addAuditRoutes(api: Api, queries: AuditQueries, verify: () => Promise<AuditReport>): void {
  let running: Promise<AuditReport> | undefined;

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

  api.post(
    '/api/audit/verify',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['audit'],
        summary: 'Look through the whole chain now for what was altered, moved, removed or cut off',
        response: { 200: AuditReport, default: ErrorBody },
      },
    },
    async () => {
      // It reads all there is: who asks meanwhile gets the same answer.
      running ??= verify().finally(() => {
        running = undefined;
      });
      return await running;
    },
  );
}
