import type { Evidence, MembershipReason, SessionDigest } from '@cerberusmesh/contract/campaign';
import type { CampaignMemory, CampaignState } from './memory.ts';
import { behaviourOf } from './min-hash.ts';
import { contradictEachOther, scoreMembership } from './score.ts';

/** Addresses that must each show, by themselves, that two campaigns are one; as many as the smaller one has, if it has fewer. */
const bridgeAddresses = 3;
const candidatesMax = 64;
const statementsToTell = 3;

export interface Membership {
  readonly sessionId: string;
  readonly campaignId: string;
  readonly score: number;
  /** Empty where the session began the campaign. */
  readonly reasons: readonly MembershipReason[];
}

export interface Merge {
  readonly olderId: string;
  readonly youngerId: string;
  /** Session that showed it, and why it belongs to both. */
  readonly sessionId: string;
  readonly reasons: readonly MembershipReason[];
}

export interface Joined {
  readonly membership: Membership;
  readonly created: boolean;
  readonly merges: readonly Merge[];
  /** Pairs of campaigns that this session speaks for, though not enough have yet. */
  readonly bridges: readonly { readonly olderId: string; readonly youngerId: string; readonly address: string }[];
}

/** What a campaign cannot be begun by: what nearly everybody shares. */
const weakKinds = new Set<Evidence['kind']>(['client', 'address']);

/**
 * Puts one session into a campaign, the best one that reaches a score of 1, or into a new one of its own, and changes
 * `memory` accordingly. `found` is what a new one would be called. Undefined where nothing tells the session from any other visit.
 */
export function joinCampaign(
  digest: SessionDigest,
  memory: CampaignMemory,
  found: { readonly id: string; readonly at: Date },
): Joined | undefined {
  for (const { id, kind } of digest.evidence) {
    if (!weakKinds.has(kind)) memory.addBehaviour(id, behaviourOf(digest.shape?.signature), 1);
  }
  const alike = digest.shape === undefined ? new Set<string>() : memory.shapesLike(digest.shape.signature);
  const fitting = findCandidates(digest, memory, alike)
    .map((campaign) => ({ campaign, ...scoreMembership(digest, campaign, memory, alike) }))
    .filter(({ score }) => score >= 1)
    .sort((a, b) => b.score - a.score || byAge(a.campaign, b.campaign));
  const [best, ...others] = fitting;
  if (best === undefined) {
    if (!isTelling(digest)) return undefined;
    const campaign = memory.addCampaign(found.id, found.at);
    memory.addMember(campaign, digest.address, digest.evidence, digest.shape);
    const membership = { sessionId: digest.sessionId, campaignId: campaign.id, score: 1, reasons: [] };
    return { membership, created: true, merges: [], bridges: [] };
  }
  const merges: Merge[] = [];
  const bridges: { olderId: string; youngerId: string; address: string }[] = [];
  let home = best.campaign;
  for (const { campaign, reasons } of others) {
    const [older, younger] = byAge(home, campaign) <= 0 ? [home, campaign] : [campaign, home];
    if (!mayMerge(older, younger, digest, memory)) {
      if (digest.address !== null) bridges.push({ olderId: older.id, youngerId: younger.id, address: digest.address });
      continue;
    }
    memory.merge(older, younger);
    merges.push({
      olderId: older.id,
      youngerId: younger.id,
      sessionId: digest.sessionId,
      reasons: [...best.reasons, ...reasons],
    });
    home = older;
  }
  memory.addMember(home, digest.address, digest.evidence, digest.shape);
  const { score, reasons } = best;
  return {
    membership: { sessionId: digest.sessionId, campaignId: home.id, score, reasons },
    created: false,
    merges,
    bridges,
  };
}

function findCandidates(digest: SessionDigest, memory: CampaignMemory, alike: ReadonlySet<string>): CampaignState[] {
  const ids = new Set<string>();
  const addAll = (more: Iterable<string> | undefined) => {
    for (const id of more ?? []) if (ids.size < candidatesMax) ids.add(id);
  };
  if (digest.shape !== undefined) {
    addAll(memory.byShape.get(digest.shape.id));
    for (const like of alike) addAll(memory.byShape.get(like));
  }
  for (const { id, kind } of digest.evidence) if (!weakKinds.has(kind)) addAll(memory.byEvidence.get(id));
  return [...ids].flatMap((id) => memory.campaigns.get(id) ?? []);
}

function isTelling({ evidence, shape }: SessionDigest): boolean {
  return (shape?.statements.size ?? 0) >= statementsToTell || evidence.some(({ kind }) => !weakKinds.has(kind));
}

/** What one address began may follow another's word; what several made is moved only by as many; and never what does different things. */
function mayMerge(
  older: CampaignState,
  younger: CampaignState,
  digest: SessionDigest,
  memory: CampaignMemory,
): boolean {
  const needed = Math.min(older.addresses, younger.addresses, bridgeAddresses);
  if (contradictEachOther(older, younger, memory)) return false;
  if (needed <= 1) return true;
  return digest.address !== null && memory.addBridge(older.id, younger.id, digest.address) >= needed;
}

function byAge(a: CampaignState, b: CampaignState): number {
  return a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1);
}
