import { z } from 'zod';
import type { Severity } from './severity.ts';

/**
 * What joins sessions. `key` a public key that was planted, `payload` a file's sha-256, `url` and `host` where it came
 * from or reports to, `token` what a bot asks busybox for, `wallet` where the money goes (or a bot's own token),
 * `login_key` a key somebody logged in with, `credentials` a guessed list with the client's HASSH, `client` the HASSH
 * alone, `address` where the visitor came from.
 */
export const EvidenceKind = z.enum([
  'key',
  'payload',
  'url',
  'host',
  'token',
  'wallet',
  'login_key',
  'credentials',
  'client',
  'address',
]);
export type EvidenceKind = z.infer<typeof EvidenceKind>;

export interface Evidence {
  /** Made of kind and value, so that what an attacker wrote is never a key. */
  readonly id: string;
  readonly kind: EvidenceKind;
  /** For people; cut. */
  readonly value: string;
}

/** One reason why a session belongs to its campaign: shared evidence, or behaviour (`shape` the same, `similar` nearly). */
export const MembershipReason = z.object({
  kind: z.enum([...EvidenceKind.options, 'shape', 'similar']),
  value: z.string(),
  /** Its share of the score; a membership needs 1 in all. */
  weight: z.number(),
});
export type MembershipReason = Readonly<z.infer<typeof MembershipReason>>;

/** A session without what changes from one visitor to the next. */
export interface SessionDigest {
  /** Row id. */
  readonly sessionId: string;
  readonly address: string | null;
  /** Of the whole sequence; undefined where nothing was typed, fetched or tunnelled. */
  readonly shape: SessionShape | undefined;
  readonly evidence: readonly Evidence[];
}

export interface SessionShape {
  readonly id: string;
  /** For people: the steps, cut. */
  readonly text: string;
  /** Distinct statements, each with its id. */
  readonly statements: ReadonlyMap<string, string>;
  /** MinHash of statements and their pairs, 64 numbers of 32 bits. */
  readonly signature: Int32Array;
}

/** What the store knows of a session that is folded. */
export interface FoldedSession {
  /** Row id. */
  readonly id: string;
  readonly sensor: string;
  readonly sourceIp: string | null;
  readonly startedAt: Date;
  readonly lastEventAt: Date;
  readonly severity: Severity;
  readonly threatScore: number;
  readonly techniques: readonly string[];
}

export interface CampaignDelta {
  readonly id: string;
  readonly name: string;
  firstSeen: Date;
  lastSeen: Date;
  sessions: number;
  readonly sensors: Set<string>;
  readonly addresses: Map<string, { sessions: number; lastSeen: Date }>;
  severity: Severity;
  threatScore: number;
  readonly techniques: Set<string>;
}

/** What one batch of sessions changes. */
export interface CampaignChanges {
  /** Of campaigns that are stored; to be carried out first, in this order. */
  readonly merges: readonly {
    readonly olderId: string;
    readonly youngerId: string;
    readonly sessionId: string;
    readonly reasons: readonly MembershipReason[];
  }[];
  readonly campaigns: readonly CampaignDelta[];
  readonly members: readonly {
    readonly session: FoldedSession;
    readonly campaignId: string;
    readonly shapeId: string | null;
    readonly score: number;
    readonly reasons: readonly MembershipReason[];
  }[];
  /** Sessions and witnesses are totals, not additions. */
  readonly evidence: readonly (SupportTotal & Evidence & { readonly firstSeen: Date; readonly lastSeen: Date })[];
  readonly shapes: readonly (SupportTotal & { readonly id: string })[];
  /** Totals: how many sessions that show the evidence do the same, coarsely told. */
  readonly behaviours: readonly {
    readonly evidenceId: string;
    readonly behaviour: number;
    readonly sessions: number;
  }[];
  readonly bridges: readonly { readonly olderId: string; readonly youngerId: string; readonly address: string }[];
}

interface SupportTotal {
  readonly campaignId: string;
  readonly sessions: number;
  readonly witnesses: readonly string[];
}

/** A shape of a statement or of a whole session, with what a batch adds to what is known of it. */
export interface ShapeDelta {
  readonly id: string;
  readonly kind: 'statement' | 'session';
  readonly shape: string;
  firstSeen: Date;
  lastSeen: Date;
  firstSession: string;
  sessions: number;
  readonly sensors: Set<string>;
  readonly statements: number | null;
  readonly signature: Int32Array | null;
}
