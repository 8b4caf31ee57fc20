import { ErrorBody, queryText } from '@cerberusmesh/contract/api';
import {
  Allowed,
  type AllowedNetwork,
  AllowedNetworkList,
  AllowRequest,
  AttackerNote,
  AttackerProfile,
  NoteRequest,
} from '@cerberusmesh/contract/api-attacker-desk';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { type Api, actorOf } from '../api.ts';
import type { AttackNames } from './techniques.ts';

type Technique = AttackerProfile['techniques'][number];

export interface AttackerProfileQueries {
  findAttackerProfile(
    ip: string,
  ): Promise<
    (Omit<AttackerProfile, 'techniques'> & { readonly techniques: readonly Omit<Technique, 'name'>[] }) | undefined
  >;
}

/** What people may say about attackers; every change is audited by who carries it out. */
export interface AttackerDesk {
  addNote(address: string, text: string, actor: string): Promise<AttackerNote>;
  listAllowed(): Promise<AllowedNetwork[]>;
  /** Holds when this returns; blocks in the network are undone. */
  allow(request: AllowRequest, actor: string): Promise<Allowed>;
  /** False where there is none of this id. */
  forbid(id: string, actor: string): Promise<boolean>;
}

const tags = ['attackers'];
const ip = z.object({ ip: queryText(255) });

/** The whole picture of one attacker, notes about him, and networks that are left alone. */
export function addAttackerDeskRoutes(
  api: Api,
  parts: {
    readonly queries: AttackerProfileQueries;
    readonly desk: AttackerDesk;
    readonly attack: Pick<AttackNames, 'techniqueName'>;
  },
): void {
  const { queries, desk, attack } = parts;

  api.get(
    '/api/attackers/:ip/profile',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary:
          'Why his threat level is what it is, credentials, clients, techniques by day, campaigns, worlds, notes',
        params: ip,
        response: { 200: AttackerProfile, default: ErrorBody },
      },
    },
    async ({ params }) => {
      const profile = await queries.findAttackerProfile(params.ip);
      if (profile === undefined) throw nobodyFrom();
      const named = ({ technique, ...rest }: Omit<Technique, 'name'>) => ({
        ...{ technique, name: attack.techniqueName(technique) ?? technique },
        ...rest,
      });
      return { ...profile, techniques: profile.techniques.map(named) };
    },
  );

  api.post(
    '/api/attackers/:ip/notes',
    {
      config: { access: 'operator' },
      schema: {
        tags,
        summary: 'Write something about him for whoever comes next; it stays as it is',
        params: ip,
        body: NoteRequest,
        response: { 200: AttackerNote, default: ErrorBody },
      },
    },
    async ({ params, body, identity }) => {
      if ((await queries.findAttackerProfile(params.ip)) === undefined) throw nobodyFrom();
      return await desk.addNote(params.ip, body.text, actorOf(identity));
    },
  );

  addAllowRoutes(api, desk);
}

function addAllowRoutes(api: Api, desk: AttackerDesk): void {
  api.get(
    '/api/allow-list',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary: "Networks about which nothing is done by itself, beside the policy's own",
        response: { 200: AllowedNetworkList, default: ErrorBody },
      },
    },
    async () => ({ data: await desk.listAllowed(), next_cursor: null }),
  );

  api.post(
    '/api/allow-list',
    {
      config: { access: 'operator' },
      schema: {
        tags,
        summary: 'Leave a network alone: from the next decision on, and its blocks are undone',
        body: AllowRequest,
        response: { 200: Allowed, default: ErrorBody },
      },
    },
    async ({ body, identity }) => await desk.allow(body, actorOf(identity)),
  );

  api.delete(
    '/api/allow-list/:id',
    {
      config: { access: 'operator' },
      schema: {
        tags,
        summary: 'No longer leave it alone',
        params: z.object({ id: z.guid() }),
        response: { 200: z.object({ removed: z.literal(true) }), default: ErrorBody },
      },
    },
    async ({ params, identity }) => {
      if (await desk.forbid(params.id, actorOf(identity))) return { removed: true as const };
      throw new CerberusError('NOT_FOUND', 'There is no such allowed network.');
    },
  );
}

function nobodyFrom(): CerberusError {
  return new CerberusError('NOT_FOUND', 'Nobody came from that address.');
}
