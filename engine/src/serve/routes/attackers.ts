import { ErrorBody, type Page, queryText } from '@cerberusmesh/contract/api';
import {
  type Attacker,
  AttackerDetails,
  AttackerPage,
  AttackerQuery,
  type CommandCount,
  CommandPage,
  CommandQuery,
  type CredentialCount,
  CredentialPage,
  CredentialQuery,
} from '@cerberusmesh/contract/api-attackers';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import type { Clock } from '../../kit/clock.ts';
import type { Api } from '../api.ts';

export interface AttackerQueries {
  listAttackers(query: AttackerQuery, now: Date): Promise<Page<Attacker>>;
  findAttacker(ip: string): Promise<AttackerDetails | undefined>;
  listCommands(query: z.output<typeof CommandQuery>): Promise<Page<CommandCount>>;
  listCredentials(query: CredentialQuery): Promise<Page<CredentialCount>>;
}

/** Who came, and what they typed and tried. */
export function addAttackerRoutes(api: Api, queries: AttackerQueries, clock: Clock): void {
  api.get(
    '/api/attackers',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['attackers'],
        summary: 'Attackers by threat, by number of events or by last visit',
        querystring: AttackerQuery,
        response: { 200: AttackerPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listAttackers(query, clock.now()),
  );

  api.get(
    '/api/attackers/:ip',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['attackers'],
        summary: 'One attacker with his favourite user names and latest sessions',
        params: z.object({ ip: queryText(255) }),
        response: { 200: AttackerDetails, default: ErrorBody },
      },
    },
    async ({ params }) => {
      const attacker = await queries.findAttacker(params.ip);
      if (attacker === undefined) throw new CerberusError('NOT_FOUND', 'Nobody came from that address.');
      return attacker;
    },
  );

  api.get(
    '/api/commands',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['attackers'],
        summary: 'Commands, most frequent first',
        querystring: CommandQuery,
        response: { 200: CommandPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listCommands(query),
  );

  api.get(
    '/api/credentials',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['attackers'],
        summary: 'User names and passwords that were tried, most frequent first',
        querystring: CredentialQuery,
        response: { 200: CredentialPage, default: ErrorBody },
      },
    },
    async ({ query }) => await queries.listCredentials(query),
  );
}
