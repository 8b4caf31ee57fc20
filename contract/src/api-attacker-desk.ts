import { z } from 'zod';
import { ActionStatus } from './action.ts';
import { queryText } from './api.ts';
import { Campaign } from './api-campaigns.ts';
import { Network } from './network.ts';

export const attackerNoteCharactersMax = 4000;
export const allowedNetworksMax = 1000;

/** What somebody wrote about an attacker. */
export const AttackerNote = z.object({
  id: z.string(),
  text: z.string(),
  written_by: z.string().describe('`user:<name>` or `token:<name>`'),
  written_at: z.string(),
});
export type AttackerNote = Readonly<z.infer<typeof AttackerNote>>;
export const NoteRequest = z.strictObject({ text: queryText(attackerNoteCharactersMax) });

/** A network about which nothing is done by itself. */
export const AllowedNetwork = z.object({
  id: z.string(),
  network: z.string(),
  reason: z.string(),
  added_by: z.string(),
  added_at: z.string(),
});
export type AllowedNetwork = Readonly<z.infer<typeof AllowedNetwork>>;
export const AllowedNetworkList = z.object({ data: z.array(AllowedNetwork), next_cursor: z.null() });
export const AllowRequest = z.strictObject({
  network: Network.describe('An address or a network; of an address with a prefix, the network counts'),
  reason: queryText(500),
});
export type AllowRequest = Readonly<z.infer<typeof AllowRequest>>;
export const Allowed = AllowedNetwork.extend({
  lifted: z.array(z.string()).describe('Ids of the blocks in it that were undone'),
  still_blocked: z
    .array(z.string())
    .describe('Ids of those that could not be undone yet; they are off the feed already'),
});

export type Allowed = Readonly<z.infer<typeof Allowed>>;

/** Something that was asked for about an attacker and stands, is about to, or came to nothing within the last hour. */
export const StandingAction = z.object({
  id: z.string(),
  kind: z.enum(['monitor', 'lock_down']),
  status: ActionStatus,
  reason: z.string(),
  requested_by: z.string(),
  error: z.string().nullable(),
  created_at: z.string(),
  expires_at: z.string().nullable(),
});

/** What is known of an attacker beyond his counts. Bounded: of a busy one, the latest. */
export const AttackerProfile = z.object({
  threat_why: z.array(z.string()).describe('What makes the threat level, gravest first'),
  touches: z.number().describe('Lures of ours that he used'),
  sessions_read: z.number().describe('So many of his latest sessions tell clients, techniques and the highest scores'),
  events_read: z.number().describe('So many of his latest events tell the credentials'),
  credentials: z.array(
    z.object({ username: z.string(), password: z.string().nullable(), attempts: z.number(), successes: z.number() }),
  ),
  clients: z.array(
    z.object({ client_version: z.string().nullable(), hassh: z.string().nullable(), sessions: z.number() }),
  ),
  techniques: z.array(
    z.object({
      technique: z.string(),
      name: z.string(),
      sessions: z.number(),
      days: z.array(z.object({ day: z.string(), sessions: z.number() })),
    }),
  ),
  scripts: z.number().describe('Sessions that a script typed, as far as that could be told'),
  humans: z.number(),
  novelty: z.number().nullable().describe('The highest of these sessions'),
  anomaly_score: z.number().nullable().describe('The highest of these sessions'),
  first_shown: z.number().describe('Shapes that nobody of ours had seen before these sessions'),
  campaigns: z.array(Campaign),
  others: z
    .array(z.object({ ip_address: z.string(), campaign: z.string(), sessions: z.number() }))
    .describe('Other addresses of these campaigns, busiest first'),
  worlds: z
    .array(
      z.object({
        sensor: z.string(),
        world: z.string(),
        files: z.number(),
        made_at: z.string(),
        entered_at: z.string(),
      }),
    )
    .describe('What he left in decoys of ours, and finds again'),
  standing: z.array(StandingAction),
  allowed: AllowedNetwork.nullable().describe('The narrowest allowed network that holds this address'),
  notes: z.array(AttackerNote).describe('Newest first, fifty at most'),
});
export type AttackerProfile = Readonly<z.infer<typeof AttackerProfile>>;
