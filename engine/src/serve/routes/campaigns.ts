import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import {
  type Campaign,
  CampaignDetails,
  CampaignMemberQuery,
  CampaignPage,
  CampaignQuery,
  type Novelty,
  NoveltyPage,
  NoveltyQuery,
  SessionKin,
} from '@cerberusmesh/contract/api-campaigns';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';

export interface CampaignQueries {
  listCampaigns(query: CampaignQuery): Promise<Page<Campaign>>;
  findCampaign(id: string, query: z.output<typeof CampaignMemberQuery>): Promise<CampaignDetails | undefined>;
  listNovelty(query: NoveltyQuery, now: Date): Promise<Page<Novelty>>;
  findKin(sessionRowId: string): Promise<SessionKin>;
}

const Id = z.object({ id: z.guid() });

/** Who belongs together, and what was never seen before. */
export function addCampaignRoutes(api: Api, queries: CampaignQueries, clock: Pick<Clock, 'now'>): void {
  api.get(
    '/api/campaigns',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['campaigns'],
        summary: 'Campaigns, latest seen first',
        querystring: CampaignQuery,
        response: { 200: CampaignPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listCampaigns(query),
  );

  api.get(
    '/api/campaigns/:id',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['campaigns'],
        summary: 'One campaign with its evidence and its members; the id of one that was merged leads to its survivor',
        params: Id,
        querystring: CampaignMemberQuery,
        response: { 200: CampaignDetails, default: ErrorBody },
      },
    },
    async ({ params, query }) => {
      const campaign = await queries.findCampaign(params.id, query);
      if (campaign === undefined) throw new CerberusError('NOT_FOUND', 'There is no such campaign.');
      return campaign;
    },
  );

  api.get(
    '/api/sessions/:id/kin',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['sessions'],
        summary: "A session's campaign and why, whether its shape was new, and sessions that did the same",
        params: Id,
        response: { 200: SessionKin, default: ErrorBody },
      },
    },
    async ({ params }) => await queries.findKin(params.id),
  );

  api.get(
    '/api/novelty',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['campaigns'],
        summary:
          'Shapes of sessions or statements that no sensor had seen before; without a period those of the last 24 hours',
        querystring: NoveltyQuery,
        response: { 200: NoveltyPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listNovelty(query, clock.now()),
  );
}
