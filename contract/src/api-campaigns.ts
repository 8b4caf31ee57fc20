import { z } from 'zod';
import { Flag, page, paging, period, queryText } from './api.ts';
import { EvidenceKind, MembershipReason } from './campaign.ts';
import { Severity } from './severity.ts';

export const CampaignQuery = z.strictObject({
  severity: Severity.optional(),
  min_sessions: z.coerce.number().int().min(1).max(1_000_000).default(2).describe('1: also what came only once'),
  source_ip: queryText(255).optional(),
  sensor: queryText(255).optional(),
  ...period,
  ...paging,
});
export type CampaignQuery = Readonly<z.infer<typeof CampaignQuery>>;

/** What an export tells of a campaign's evidence, a column each. */
export const exportedEvidence = ['payload', 'url', 'host', 'key'] as const satisfies readonly z.infer<
  typeof EvidenceKind
>[];

export const CampaignExportQuery = CampaignQuery.omit({ limit: true, cursor: true }).extend({
  rows: z.coerce.number().int().min(1).max(10_000).default(10_000).describe('How many at most'),
});
export type CampaignExportQuery = Readonly<z.infer<typeof CampaignExportQuery>>;

export const Campaign = z.object({
  id: z.string(),
  name: z.string(),
  first_seen: z.string(),
  last_seen: z.string(),
  sessions: z.number(),
  addresses: z.number(),
  sensors: z.array(z.string()),
  severity: z.string(),
  threat_score: z.number(),
  techniques: z.array(z.string()),
});
export type Campaign = Readonly<z.infer<typeof Campaign>>;
export const CampaignPage = page(Campaign);

export const CampaignMember = z.object({
  /** Row id of the session. */
  session: z.string(),
  session_id: z.string(),
  sensor: z.string(),
  source_ip: z.string().nullable(),
  start_time: z.string(),
  severity: z.string(),
  score: z.number(),
  /** By what it belongs here, heaviest first; empty where it began the campaign. */
  why: z.array(MembershipReason),
});
export type CampaignMember = Readonly<z.infer<typeof CampaignMember>>;

export const CampaignDetails = Campaign.extend({
  /**
   * By what its sessions were joined to it, most sessions first: each reason of its newest thousand members, with how
   * many of them it joined, its commonest value, and how many different ones there are.
   */
  joined_by: z.array(
    z.object({ kind: MembershipReason.shape.kind, sessions: z.number(), value: z.string(), values: z.number() }),
  ),
  /** Most shared first, fifty at most. `witnesses` of three or more means that no single visitor put it there. */
  evidence: z.array(
    z.object({
      kind: EvidenceKind,
      value: z.string(),
      sessions: z.number(),
      witnesses: z.number(),
      /** Other campaigns that show it too: the more, the less it says. */
      campaigns: z.number(),
      first_seen: z.string(),
      last_seen: z.string(),
    }),
  ),
  /** What its sessions do, commonest first, ten at most. */
  shapes: z.array(z.object({ id: z.string(), shape: z.string(), sessions: z.number() })),
  /** Twenty at most, busiest first. */
  top_addresses: z.array(
    z.object({
      ip_address: z.string(),
      sessions: z.number(),
      country: z.string().nullable(),
      network: z.string().nullable(),
      as_name: z.string().nullable(),
    }),
  ),
  /** Campaigns that turned out to be parts of this one; their ids lead here. */
  merged: z.array(z.object({ id: z.string(), name: z.string(), merged_at: z.string(), why: z.unknown() })),
  /** Newest first. */
  members: page(CampaignMember),
});
export type CampaignDetails = Readonly<z.infer<typeof CampaignDetails>>;

export const CampaignMemberQuery = z.strictObject({ ...paging });

/** What is known of a session beyond itself. */
export const SessionKin = z.object({
  campaign: Campaign.nullable(),
  score: z.number().nullable(),
  why: z.array(MembershipReason),
  /** Null until the session has ended and was folded, or where nothing was done in it. */
  shape: z
    .object({
      id: z.string(),
      shape: z.string(),
      /** True where no sensor of ours had seen this sequence before. */
      is_new: z.boolean(),
      first_seen: z.string(),
      sessions: z.number(),
      sensors: z.array(z.string()),
    })
    .nullable(),
  /** Sessions that did the same, newest first, twenty at most. */
  similar: z.array(CampaignMember.omit({ score: true, why: true })),
});
export type SessionKin = Readonly<z.infer<typeof SessionKin>>;

export const NoveltyQuery = z.strictObject({
  kind: z.enum(['statement', 'session']).default('session'),
  /** Without a period: the last 24 hours. */
  ...period,
  /** true: only what is still seen by one sensor alone. */
  one_sensor: Flag.optional(),
  ...paging,
});
export type NoveltyQuery = Readonly<z.infer<typeof NoveltyQuery>>;

/** A shape that no sensor of ours had seen before `first_seen`. */
export const Novelty = z.object({
  id: z.string(),
  kind: z.string(),
  shape: z.string(),
  first_seen: z.string(),
  last_seen: z.string(),
  sessions: z.number(),
  sensors: z.array(z.string()),
  /** Row id of the session that showed it first. */
  first_session: z.string(),
});
export type Novelty = Readonly<z.infer<typeof Novelty>>;
export const NoveltyPage = page(Novelty);
