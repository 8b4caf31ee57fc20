import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import {
  AdaptationPage,
  AdaptationQuery,
  AdaptationRecord,
  DecisionPage,
  DecisionQuery,
  type DecisionRecord,
  RollbackRequest,
} from '@cerberusmesh/contract/api-decisions';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

export interface DecisionQueries {
  listDecisions(query: DecisionQuery): Promise<Page<DecisionRecord>>;
  listAdaptations(query: AdaptationQuery): Promise<Page<AdaptationRecord>>;
  findAdaptation(id: string): Promise<AdaptationRecord | undefined>;
}

/** `refused`: it does not stand, or the honeypot's file was changed by somebody else; `explanation` says it. */
export type RollbackOutcome =
  | { readonly kind: 'rolled_back' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly explanation: string };

export type Rollback = (adaptationId: string) => Promise<RollbackOutcome>;

/** What was decided, what was done about it, and the way to undo that. */
export function addDecisionRoutes(api: Api, queries: DecisionQueries, rollback: Rollback, audit: Audit): void {
  const list = {
    config: { access: 'viewer' as const },
    schema: {
      tags: ['decisions'],
      summary: 'Decisions and why, newest first',
      querystring: DecisionQuery,
      response: { 200: DecisionPage, default: ErrorBody },
    },
  };
  api.get('/api/decisions', list, async ({ query }) => await queries.listDecisions(query));
  // The first seed's name for the same list.
  api.get('/decisions', list, async ({ query }) => await queries.listDecisions(query));

  api.get(
    '/api/adaptations',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['adaptations'],
        summary: 'Adaptations with what the probe saw, newest first',
        querystring: AdaptationQuery,
        response: { 200: AdaptationPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listAdaptations(query),
  );

  api.get(
    '/api/adaptations/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['adaptations'],
        summary: 'One adaptation',
        params: z.object({ id: z.guid() }),
        response: { 200: AdaptationRecord, default: ErrorBody },
      },
    },
    async ({ params }) => await getAdaptation(params.id),
  );

  api.post(
    '/api/adaptations/:id/rollback',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['adaptations'],
        summary: 'Undo an adaptation; the answer is the adaptation as it stands then',
        params: z.object({ id: z.guid() }),
        body: RollbackRequest.nullish(),
        response: { 200: AdaptationRecord, default: ErrorBody },
      },
    },
    async ({ params, body, identity }) => {
      const outcome = await rollback(params.id);
      if (outcome.kind === 'not_found') throw new CerberusError('NOT_FOUND', `There is no adaptation ${params.id}.`);
      if (outcome.kind === 'refused') throw new CerberusError('CONFLICT', outcome.explanation);
      await audit({
        actor: actorOf(identity),
        action: 'adaptation.rollback',
        subject: params.id,
        details: { reason: body?.reason ?? 'other', note: body?.note ?? null },
      });
      return await getAdaptation(params.id);
    },
  );

  async function getAdaptation(id: string): Promise<AdaptationRecord> {
    const adaptation = await queries.findAdaptation(id);
    if (adaptation === undefined) throw new CerberusError('NOT_FOUND', `There is no adaptation ${id}.`);
    return adaptation;
  }
}
