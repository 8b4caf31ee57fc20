import type { Account } from '@cerberusmesh/contract/account';
import { ErrorBody } from '@cerberusmesh/contract/api';
import { UserLink, UserName, UserPage, UserPatch, UserRecord, UserRequest } from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { WhoMay } from '../who/who-may.ts';

const tags = ['users'];
const config = { access: 'admin' } as const;
const linkHours = 72;
const params = z.object({ name: UserName });

/** Who may sign in. A password is never set for somebody: he gets a link and chooses it. */
export function addUserRoutes(api: Api, { users, links, linkTo }: WhoMay): void {
  api.get(
    '/api/users',
    { config, schema: { tags, summary: 'Who may sign in', response: { 200: UserPage, default: ErrorBody } } },
    async () => ({ data: await users.list(), next_cursor: null }),
  );

  api.post(
    '/api/users',
    {
      config,
      schema: {
        tags,
        summary: 'Somebody more; the answer is a link for him, good once and for three days',
        body: UserRequest,
        response: { 201: UserLink, default: ErrorBody },
      },
    },
    async ({ body, identity }, reply) => {
      const actor = actorOf(identity);
      const user = await users.create({ ...body, voucher: null }, actor);
      return await reply.status(201).send(await linkFor(user, actor));
    },
  );

  api.post(
    '/api/users/:name',
    {
      config,
      schema: {
        tags,
        summary: 'Another role, or disabled: then signed out everywhere, at once',
        params,
        body: UserPatch,
        response: { 200: UserRecord, default: ErrorBody },
      },
    },
    async ({ params: { name }, body, identity }) => {
      const changed = await users.change(name, body, actorOf(identity));
      if (changed === undefined) throw unknownUser(name);
      return changed;
    },
  );

  api.post(
    '/api/users/:name/reset',
    {
      config,
      schema: {
        tags,
        summary: 'Who lost password or authenticator: takes the authenticator away and gives a link',
        params,
        response: { 200: UserLink, default: ErrorBody },
      },
    },
    async ({ params: { name }, identity }) => {
      const user = await users.find(name);
      if (user === undefined) throw unknownUser(name);
      const actor = actorOf(identity);
      if (user.totpSealed !== null) await users.dropTotp(user, actor);
      return await linkFor(user, actor);
    },
  );

  async function linkFor(user: Account, actor: string): Promise<UserLink> {
    const { token, expiresAt } = await links.make(user, linkHours, actor);
    return { name: user.name, link: linkTo(token), expires_at: expiresAt.toISOString() };
  }
}

function unknownUser(name: string): CerberusError {
  return new CerberusError('NOT_FOUND', `There is no user ${name}.`);
}
