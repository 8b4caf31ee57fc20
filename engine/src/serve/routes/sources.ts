import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import {
  ParkedPage,
  ParkedQuery,
  type ParkedRecord,
  RetryRequest,
  RetryResult,
  type SourceLedger,
  SourceList,
} from '@cerberusmesh/contract/api-sources';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

export interface SourceQueries {
  listParked(query: ParkedQuery): Promise<Page<ParkedRecord>>;
}

/** Reads parked lines again; null means all that have not become events. */
export type RetryParked = (ids: readonly string[] | null) => Promise<RetryResult>;

export type ReadLedgers = () => Promise<SourceLedger[]>;

/** What was read, what could not be, and another try at that. */
export function addSourceRoutes(
  api: Api,
  deps: {
    readonly queries: SourceQueries;
    readonly ledgers: ReadLedgers;
    readonly retryParked: RetryParked;
    readonly audit: Audit;
  },
): void {
  api.get(
    '/api/sources',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sources'],
        summary: 'The ledger of each source: bytes_seen = bytes_stored + bytes_parked + bytes_unread',
        response: { 200: SourceList, default: ErrorBody },
      },
    },
    async () => ({ data: await deps.ledgers(), next_cursor: null }),
  );

  api.get(
    '/api/parked',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sources'],
        summary: 'Lines that could not be read, and why; newest first',
        querystring: ParkedQuery,
        response: { 200: ParkedPage, default: ErrorBody },
      },
    },
    async ({ query }) => await deps.queries.listParked(query),
  );

  api.post(
    '/api/parked/retry',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['sources'],
        summary: 'Read parked lines again, for example after an update',
        body: RetryRequest.nullish(),
        response: { 200: RetryResult, default: ErrorBody },
      },
    },
    async ({ body, identity }) => {
      const result = await deps.retryParked(body?.ids ?? null);
      const details = { ids: body?.ids ?? 'all', ...result };
      await deps.audit({ actor: actorOf(identity), action: 'parked.retry', subject: 'parked_lines', details });
      return result;
    },
  );
}
