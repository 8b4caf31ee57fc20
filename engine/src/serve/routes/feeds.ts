import { ErrorBody } from '@cerberusmesh/contract/api';
import { type BlockedAddress, BlockedList } from '@cerberusmesh/contract/lock-down';
import { z } from 'zod';
import type { Api } from '../api.ts';

export type ReadBlocklist = () => Promise<readonly BlockedAddress[]>;

/** What other machines take from us. */
export function addFeedRoutes(api: Api, readBlocklist: ReadBlocklist): void {
  api.get(
    '/api/feeds/blocklist',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['feeds'],
        summary: 'Addresses to block now, one a line; with Accept: application/json also why and until when',
        response: { 200: z.union([BlockedList, z.string()]), default: ErrorBody },
      },
    },
    async (request, reply) => {
      const data = [...(await readBlocklist())];
      if (request.headers.accept?.includes('application/json')) return { data, next_cursor: null };
      const text = data.map(({ address }) => `${address}\n`).join('');
      // Already text: the schema's serializer would put it into quotes.
      return await reply.type('text/plain; charset=utf-8').serializer(String).send(text);
    },
  );
}
