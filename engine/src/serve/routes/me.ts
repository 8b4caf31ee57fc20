import type { Account } from '@cerberusmesh/contract/account';
import { ErrorBody } from '@cerberusmesh/contract/api';
import type { Identity } from '@cerberusmesh/contract/api-tokens';
import {
  Me,
  PasswordChange,
  RecoveryCodes,
  TotpConfirmation,
  TotpOffer,
  TotpRemoval,
} from '@cerberusmesh/contract/api-users';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import { csrfTokenOf } from '../who/cookies.ts';
import { faultOfPassword } from '../who/passwords.ts';
import type { WhoMay } from '../who/who-may.ts';

const tags = ['sign-in'];
const signedIn = { access: 'viewer' } as const;
const Done = z.object({});

/** What a person may see and change of himself. */
export function addMeRoutes(api: Api, who: WhoMay): void {
  const { users, secondFactors, passwords } = who;

  api.get(
    '/api/me',
    {
      config: { access: 'known' },
      schema: { tags, summary: 'Who asks, and what he may', response: { 200: Me, default: ErrorBody } },
    },
    async ({ identity, sessionSecret }) => {
      const { kind, name, role, scopes } = known(identity);
      const person = kind === 'user' ? await personOf(identity) : undefined;
      return {
        ...{ kind, name, role, scopes: scopes === null ? null : [...scopes] },
        csrf_token: sessionSecret === null ? null : csrfTokenOf(sessionSecret),
        has_password: person !== undefined && person.passwordHash !== null,
        second_factor: person?.totpConfirmed ?? false,
        recovery_codes: person?.recoveryCodes ?? 0,
      };
    },
  );

  api.post(
    '/api/me/password',
    {
      config: signedIn,
      schema: {
        tags,
        summary: 'Another password; ends all other sessions',
        body: PasswordChange,
        response: { 200: Done, default: ErrorBody },
      },
    },
    async ({ body, identity }) => {
      const person = await personOf(identity);
      await demandPassword(person, body.current);
      const fault = faultOfPassword(body.wanted, person.name);
      if (fault !== undefined) throw new CerberusError('VALIDATION_FAILED', fault);
      await users.setPassword(person, await passwords.hash(body.wanted), known(identity).id, actorOf(identity));
      return {};
    },
  );

  api.post(
    '/api/me/totp',
    {
      config: signedIn,
      schema: { tags, summary: 'Begin with an authenticator', response: { 200: TotpOffer, default: ErrorBody } },
    },
    async ({ identity }) => await secondFactors.offer(await personOf(identity)),
  );

  api.post(
    '/api/me/totp/confirm',
    {
      config: signedIn,
      schema: {
        tags,
        summary: 'Its first code; from now on it is asked for. The recovery codes are told this once',
        body: TotpConfirmation,
        response: { 200: RecoveryCodes, default: ErrorBody },
      },
    },
    async ({ body, identity }) => ({
      recovery_codes: await secondFactors.confirm(await personOf(identity), body.code, actorOf(identity)),
    }),
  );

  api.post(
    '/api/me/totp/remove',
    {
      config: signedIn,
      schema: {
        tags,
        summary: 'Do without it',
        body: TotpRemoval,
        response: { 200: Done, default: ErrorBody },
      },
    },
    async ({ body, identity }) => {
      const person = await personOf(identity);
      await demandPassword(person, body.password);
      await users.dropTotp(person, actorOf(identity));
      return {};
    },
  );

  async function personOf(identity: Identity | null): Promise<Account> {
    const { kind, id } = known(identity);
    const person = kind === 'user' ? await users.findBySession(id) : undefined;
    if (person === undefined) throw new CerberusError('FORBIDDEN', 'A token is no person; sign in.');
    return person;
  }

  async function demandPassword(person: Account, password: string): Promise<void> {
    if (!(await passwords.matches(password, person.passwordHash)))
      throw new CerberusError('SIGN_IN_FAILED', 'This is not the password that holds now.');
  }
}

function known(identity: Identity | null): Identity {
  if (identity === null) throw new CerberusError('UNAUTHENTICATED', 'Sign in first.');
  return identity;
}
