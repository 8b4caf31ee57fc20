import type { Account } from '@cerberusmesh/contract/account';
import { ErrorBody } from '@cerberusmesh/contract/api';
import {
  SignInAnswer,
  SignInRequest,
  SignInWays,
  WelcomeAnswer,
  WelcomeRequest,
} from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import { type Api, actorOf } from '../api.ts';
import { faultOfPassword } from '../who/passwords.ts';
import { callbackPath, type Vouched } from '../who/single-sign-on.ts';
import type { WhoMay } from '../who/who-may.ts';

const tags = ['sign-in'];
const open = { access: 'open' } as const;

/** In and out: by password and code, by a link that is good once, by an OpenID provider. */
export function addSignInRoutes(api: Api, who: WhoMay, clock: Pick<Clock, 'now'>): void {
  const { users, sessions, links, jar, singleSignOn } = who;

  api.get(
    '/api/sign-in/ways',
    {
      config: open,
      schema: { tags, summary: 'How people sign in here', response: { 200: SignInWays, default: ErrorBody } },
    },
    async (request) => ({
      single_sign_on: singleSignOn?.label ?? null,
      has_cookie: jar.readSession(request) !== undefined,
    }),
  );

  api.post(
    '/api/sign-in',
    {
      config: open,
      schema: {
        tags,
        summary: 'Sign in; the session is a cookie that no script can read',
        body: SignInRequest,
        response: { 200: SignInAnswer, default: ErrorBody },
      },
    },
    async (request, reply) => {
      const { name, password, code } = request.body;
      const address = normalizeIP(request.ip, 64);
      const outcome = await who.signIn({ name, password, code, address, deviceMark: jar.readDevice(request) });
      if (outcome.kind === 'second_factor') return { state: 'second_factor' as const };
      await letIn(outcome.user, outcome.how, request, reply);
      return { state: 'signed_in' as const };
    },
  );

  api.post(
    '/api/sign-out',
    { config: { access: 'viewer' }, schema: { tags, summary: 'End this session', response: { 200: z.object({}) } } },
    async ({ identity }, reply) => {
      if (identity?.kind === 'user') await sessions.end(identity.id, actorOf(identity));
      jar.forgetSession(reply);
      return {};
    },
  );

  api.post(
    '/api/welcome',
    {
      config: open,
      schema: {
        tags,
        summary: 'What a one-time link is for; with a password it is used up and signs in',
        body: WelcomeRequest,
        response: { 200: WelcomeAnswer, default: ErrorBody },
      },
    },
    async (request, reply) => {
      const { token, name, password } = request.body;
      const link = await links.find(token);
      if (link === undefined) throw new CerberusError('NOT_FOUND', 'The link was used, replaced or is too old.');
      const told = { name: link.account?.name ?? null, expires_at: link.expiresAt.toISOString() };
      if (password === undefined) return { state: 'open' as const, ...told };
      const chosen = link.account?.name ?? name;
      if (chosen === undefined) throw new CerberusError('VALIDATION_FAILED', 'Choose a name.');
      const fault = faultOfPassword(password, chosen);
      if (fault !== undefined) throw new CerberusError('VALIDATION_FAILED', fault);
      const user = await links.use(token, chosen, await who.passwords.hash(password));
      if (user === undefined) throw new CerberusError('NOT_FOUND', 'Somebody used the link before.');
      // The link stands for the password, not for the authenticator.
      if (user.totpConfirmed) return { state: 'password_set' as const, ...told };
      await letIn(user, 'link', request, reply);
      return { state: 'signed_in' as const, ...told };
    },
  );

  api.get(
    '/api/sign-in/sso',
    {
      config: open,
      schema: { tags, summary: 'To the OpenID provider', response: { 302: z.null(), default: ErrorBody } },
    },
    async (_request, reply) => {
      if (singleSignOn === null) throw new CerberusError('NOT_FOUND', 'No OpenID provider is configured.');
      const { url, errand } = await singleSignOn.begin();
      jar.keepErrand(reply, errand);
      return await reply.redirect(url);
    },
  );

  api.get(
    callbackPath,
    { config: open, schema: { tags, summary: 'Back from it', response: { 302: z.null(), default: ErrorBody } } },
    async (request, reply) => {
      if (singleSignOn === null) throw new CerberusError('NOT_FOUND', 'No OpenID provider is configured.');
      const search = request.url.slice(request.url.indexOf('?'));
      jar.forgetErrand(reply);
      try {
        const vouched = await singleSignOn.finish(search, jar.readErrand(request));
        await letIn(await personOf(vouched), 'single sign-on', request, reply);
        return await reply.redirect('/');
      } catch (error) {
        // A person reads this, not a program: the page says it in words.
        if (error instanceof CerberusError && error.status < 500)
          return await reply.redirect(`/?sign_in=${error.code}`);
        throw error;
      }
    },
  );

  /** His role is what the provider says of him today. */
  async function personOf({ voucher, name, role }: Vouched): Promise<Account> {
    if (role === null) throw new CerberusError('FORBIDDEN', `Nothing that ${name} is makes him anything here.`);
    const known = await users.findByVoucher(voucher);
    if (known === undefined) return await users.create({ name, role, voucher }, 'single sign-on');
    if (known.isDisabled) throw new CerberusError('FORBIDDEN', `${known.name} is disabled.`);
    if (known.role !== role) await users.change(known.name, { role }, 'single sign-on');
    return known;
  }

  async function letIn(user: Account, how: string, request: FastifyRequest, reply: FastifyReply): Promise<void> {
    jar.keepSession(reply, await sessions.open(user, request.ip, how));
    jar.keepDevice(reply, who.deviceMarks.make(user.id, clock.now()));
  }
}
