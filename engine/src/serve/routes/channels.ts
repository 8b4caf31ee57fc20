import { ErrorBody, type Page } from '@cerberusmesh/contract/api';
import { CerberusError } from '@cerberusmesh/contract/errors';
import {
  ChannelList,
  ChannelName,
  type ChannelRecord,
  ChannelTestResult,
  NoticePage,
  NoticeQuery,
  type NoticeRecord,
} from '@cerberusmesh/contract/notice';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { Audit } from '../deps.ts';

export interface NoticeQueries {
  listNotices(query: NoticeQuery): Promise<Page<NoticeRecord>>;
  readChannels(): Promise<ReadonlyMap<string, Omit<ChannelRecord, 'name' | 'target'>>>;
}

/** The configured channels. */
export interface Channels {
  readonly channels: readonly Pick<ChannelRecord, 'name' | 'target'>[];
  /** Sends a test notice now; undefined where there is no such channel. */
  test(name: ChannelName): Promise<ChannelTestResult | undefined>;
}

/** Who is told, what they were told, and a button that tries it. */
export function addChannelRoutes(api: Api, queries: NoticeQueries, channels: Channels, audit: Audit): void {
  api.get(
    '/api/channels',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['notices'],
        summary: 'The configured channels, with what waits, was sent and failed in 30 days',
        response: { 200: ChannelList, default: ErrorBody },
      },
    },
    async () => {
      const figures = await queries.readChannels();
      const none = { waiting: 0, sent: 0, failed: 0, last_sent_at: null, last_error: null };
      const data = channels.channels.map(({ name, target }) => ({ name, target, ...(figures.get(name) ?? none) }));
      return { data, next_cursor: null };
    },
  );

  api.post(
    '/api/channels/:name/test',
    {
      config: { access: 'operator' },
      schema: {
        tags: ['notices'],
        summary: 'Send a test notice on one channel, now',
        params: z.object({ name: ChannelName }),
        response: { 200: ChannelTestResult, default: ErrorBody },
      },
    },
    async ({ params, identity }) => {
      const result = await channels.test(params.name);
      if (!result) throw new CerberusError('NOT_FOUND', `The channel ${params.name} is not configured.`);
      await audit({ actor: actorOf(identity), action: 'channel.test', subject: params.name, details: { ...result } });
      return result;
    },
  );

  api.get(
    '/api/notices',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['notices'],
        summary: 'Notices and what became of them, newest first',
        querystring: NoticeQuery,
        response: { 200: NoticePage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listNotices(query),
  );
}
