import { ErrorBody } from '@cerberusmesh/contract/api';
import { NewToken, TokenPage, TokenRequest } from '@cerberusmesh/contract/api-tokens';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { type Api, actorOf } from '../api.ts';
import type { TokenDesk } from '../who/who-may.ts';

const tags = ['tokens'];
const config = { access: 'admin' } as const;
const dayMs = 86_400_000;

/** What programs ask with. */
export function addTokenRoutes(api: Api, tokens: TokenDesk, clock: Pick<Clock, 'now'>): void {
  api.get(
    '/api/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'All tokens, newest first, the revoked and expired ones too; no secrets',
        response: { 200: TokenPage, default: ErrorBody },
      },
    },
    async () => ({ data: await tokens.list(), next_cursor: null }),
  );

  api.post(
    '/api/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'Another token; its secret is told this once',
        body: TokenRequest,
        response: { 201: NewToken, default: ErrorBody },
      },
    },
    async ({ body: { name, role, scopes, sensor, days }, identity }, reply) => {
      const expiresAt = days === undefined ? null : new Date(clock.now().getTime() + days * dayMs);
      const wanted = { name, role, expiresAt, ...(scopes ? { scopes } : {}), ...(sensor ? { sensor } : {}) };
      const { secret, record } = await tokens.create(wanted, actorOf(identity));
      return await reply.status(201).send({ ...record, secret });
    },
  );

  api.post(
    '/api/tokens/:id/revoke',
    {
      config,
      schema: {
        tags,
        summary: 'Make a token worthless, at once',
        params: z.object({ id: z.guid() }),
        response: { 200: z.object({ revoked: z.int() }), default: ErrorBody },
      },
    },
    async ({ params: { id }, identity }) => {
      const revoked = await tokens.revoke(id, actorOf(identity));
      if (revoked === 0) throw new CerberusError('NOT_FOUND', `There is no valid token ${id}.`);
      return { revoked };
    },
  );
}
