import type { Evidence, MembershipReason, SessionDigest } from '@cerberusmesh/contract/campaign';
import type { CampaignMemory, CampaignState, Support } from './memory.ts';
import { similarity } from './min-hash.ts';

/**
 * What each kind of evidence is worth where nobody else shows it, and the group of which only the best counts: a URL and
 * its host are one fact. 1 joins alone.
 */
const worth: Record<Evidence['kind'], { readonly group: string; readonly weight: number }> = {
  key: { group: 'planted', weight: 1 },
  payload: { group: 'payload', weight: 1 },
  url: { group: 'place', weight: 1 },
  host: { group: 'place', weight: 0.7 },
  token: { group: 'token', weight: 0.6 },
  wallet: { group: 'wallet', weight: 1 },
  login_key: { group: 'login', weight: 1 },
  credentials: { group: 'login', weight: 1 },
  client: { group: 'client', weight: 0.3 },
  address: { group: 'address', weight: 0.4 },
};

const established = 3;
/** What one address alone showed in a campaign of several says little: it may have been put there to draw others in. */
const singleWitness = 0.3;
/** Sessions of so many different statements can be told apart by what they do. */
const richStatements = 6;
const nothingInCommon = 0.1;
/** Shared evidence between sessions that do wholly different things: two of a kind are then needed. */
const contradicted = 0.7;
const similarEnough = 0.5;
const nearlySame = 0.8;
const thinShape = 0.4;

export interface MembershipScore {
  readonly score: number;
  /** Heaviest first. */
  readonly reasons: readonly MembershipReason[];
}

/** How well a session fits a campaign: the sum over the groups of the best that each has. */
export function scoreMembership(
  digest: SessionDigest,
  campaign: CampaignState,
  memory: CampaignMemory,
): MembershipScore {
  const best = new Map<string, MembershipReason>();
  const likeness = bestLikeness(digest, campaign, memory);
  const trust = likeness.contradicts ? contradicted : 1;
  for (const { id, kind, value } of digest.evidence) {
    const support = campaign.evidence.get(id);
    if (support === undefined) continue;
    const { group, weight } = worth[kind];
    const worthHere =
      weight * trust * specificity(memory.byEvidence.get(id), campaign, memory) * standing(support, campaign);
    if (worthHere > (best.get(group)?.weight ?? 0)) best.set(group, { kind, value, weight: worthHere });
  }
  if (likeness.reason !== undefined) best.set('behaviour', likeness.reason);
  const reasons = [...best.values()].sort((a, b) => b.weight - a.weight);
  return {
    score: reasons.reduce((sum, { weight }) => sum + weight, 0) + 1e-9,
    reasons: reasons.map(({ kind, value, weight }) => ({ kind, value, weight: Math.round(weight * 1000) / 1000 })),
  };
}

/** What several established campaigns show tells none of them: a token of a public source, a popular address, a common script. */
function specificity(
  sharers: ReadonlySet<string> | undefined,
  campaign: CampaignState,
  memory: CampaignMemory,
): number {
  let others = 0;
  for (const id of sharers ?? []) {
    if (id !== campaign.id && (memory.campaigns.get(id)?.addresses ?? 0) >= established) others++;
  }
  return 1 / (1 + others);
}

function standing(support: Support, campaign: CampaignState): number {
  return campaign.addresses >= established && support.witnesses.size < 2 ? singleWitness : 1;
}

interface Likeness {
  readonly reason: MembershipReason | undefined;
  readonly contradicts: boolean;
}

function bestLikeness({ shape }: SessionDigest, campaign: CampaignState, memory: CampaignMemory): Likeness {
  if (shape === undefined) return { reason: undefined, contradicts: false };
  const same = campaign.shapes.get(shape.id);
  if (same !== undefined) {
    const base = shape.statements.size >= 3 ? 1 : thinShape;
    const weight = base * specificity(memory.byShape.get(shape.id), campaign, memory) * standing(same, campaign);
    return { reason: { kind: 'shape', value: shape.text.slice(0, 120), weight }, contradicts: false };
  }
  let closest = { like: 0, weight: 0 };
  let comparable = 0;
  for (const [id, support] of campaign.shapes) {
    const known = memory.shapes.get(id);
    if (known === undefined) continue;
    if (known.statements >= richStatements) comparable++;
    const like = similarity(shape.signature, known.signature);
    const enough = Math.min(known.statements, shape.statements.size) >= 5;
    const weight = enough
      ? likenessWeight(like) * specificity(memory.byShape.get(id), campaign, memory) * standing(support, campaign)
      : 0;
    if (like > closest.like || weight > closest.weight) {
      closest = { like: Math.max(like, closest.like), weight: Math.max(weight, closest.weight) };
    }
  }
  const contradicts = shape.statements.size >= richStatements && comparable > 0 && closest.like < nothingInCommon;
  if (closest.weight === 0) return { reason: undefined, contradicts };
  const value = `${Math.round(closest.like * 100)} % of its statements and their order`;
  return { reason: { kind: 'similar', value, weight: closest.weight }, contradicts };
}

function likenessWeight(like: number): number {
  if (like >= nearlySame) return 1;
  return like < similarEnough ? 0 : 0.5 + ((like - similarEnough) / (nearlySame - similarEnough)) * 0.45;
}
