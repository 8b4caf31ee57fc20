import type { Evidence, MembershipReason, SessionDigest } from '@cerberusmesh/contract/campaign';
import {
  type CampaignMemory,
  type CampaignState,
  type KnownShape,
  otherBehaviours,
  type Support,
  witnessesMax,
} from './memory.ts';
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

/** From so many addresses on a campaign is established: no single visitor made it. */
const established = 3;
/** What one address alone showed in a campaign of several says little: it may have been put there to draw others in. */
const singleWitness = 0.3;
/** Sessions of so many different statements can be told apart by what they do. */
const statementsToTell = 3;
/** Of the smaller one's statements; less is nothing in common. */
const containedMin = 0.25;
/** Sessions that do wholly different things are not joined by what both show, however much that is: it costs nothing to show. */
const contradictedMax = 0.9;
const similarEnough = 0.45;
const nearlySame = 0.65;
const thinShape = 0.4;
const statementsToCompare = 5;
const othersCompared = 8;
/** So many effective behaviours one campaign may have without its evidence losing worth. */
const behavioursOfOne = 2;

export interface MembershipScore {
  readonly score: number;
  /** Heaviest first. */
  readonly reasons: readonly MembershipReason[];
}

/** How well a session fits a campaign: the sum over the groups of the best that each has. `alike`: shapes that share a band with its own. */
export function scoreMembership(
  digest: SessionDigest,
  campaign: CampaignState,
  memory: CampaignMemory,
  alike: ReadonlySet<string>,
): MembershipScore {
  const best = new Map<string, MembershipReason>();
  const likeness = bestLikeness(digest, campaign, memory, alike);
  for (const { id, kind, value } of digest.evidence) {
    const support = campaign.evidence.get(id);
    if (support === undefined) continue;
    const { group, weight } = worth[kind];
    const worthHere =
      weight *
      specificity('evidence', id, campaign, memory) *
      concentration(memory.behaviours.get(id)) *
      standing(support.witnesses.size, campaign);
    if (worthHere > (best.get(group)?.weight ?? 0)) best.set(group, { kind, value, weight: worthHere });
  }
  if (likeness.reason !== undefined) best.set('behaviour', likeness.reason);
  const reasons = [...best.values()].sort((a, b) => b.weight - a.weight);
  const sum = reasons.reduce((total, { weight }) => total + weight, 0);
  return {
    score: (likeness.contradicts ? Math.min(sum, contradictedMax) : sum) + 1e-9,
    reasons: reasons.map(({ kind, value, weight }) => ({ kind, value, weight: Math.round(weight * 1000) / 1000 })),
  };
}

/**
 * What several campaigns show, each from several addresses, tells none of them: a token of a public source, a popular
 * address, a common script. What one visitor alone brought into another campaign does not count against its owner.
 */
function specificity(
  what: 'evidence' | 'shapes',
  thing: string,
  campaign: CampaignState,
  memory: CampaignMemory,
): number {
  let others = 0;
  for (const id of (what === 'evidence' ? memory.byEvidence : memory.byShape).get(thing) ?? []) {
    const other = id === campaign.id ? undefined : memory.campaigns.get(id);
    if ((other?.[what].get(thing)?.witnesses.size ?? 0) >= witnessesMax) others++;
  }
  return 1 / (1 + others);
}

/**
 * What sessions of all kinds show was put there, or is everybody's. Counted in effective behaviours (one over the chance
 * that two sessions that show it do the same), so that a campaign with a few variants keeps its evidence.
 */
function concentration(behaviours: ReadonlyMap<number, number> | undefined): number {
  let [all, squares] = [0, 0];
  for (const [behaviour, sessions] of behaviours ?? []) {
    all += sessions;
    squares += behaviour === otherBehaviours ? sessions : sessions * sessions;
  }
  return squares === 0 ? 1 : Math.min(1, (behavioursOfOne * squares) / (all * all));
}

function standing(witnesses: number, campaign: CampaignState): number {
  return campaign.addresses >= established && witnesses < 2 ? singleWitness : 1;
}

interface Likeness {
  readonly reason: MembershipReason | undefined;
  readonly contradicts: boolean;
}

const unlike: Likeness = { reason: undefined, contradicts: false };

function bestLikeness(
  { shape }: SessionDigest,
  campaign: CampaignState,
  memory: CampaignMemory,
  alike: ReadonlySet<string>,
): Likeness {
  if (shape === undefined) return unlike;
  const enough = shape.statements.size >= statementsToCompare;
  const witnesses = new Set<string>();
  let [closest, weight, comparable, contained] = [0, 0, 0, 0];
  for (const [id, support] of comparableShapes(campaign, alike)) {
    const known = memory.shapes.get(id);
    if (known === undefined) continue;
    const like = id === shape.id ? 1 : similarity(shape.signature, known.signature);
    if (known.statements >= statementsToTell) {
      comparable++;
      contained = Math.max(contained, containment(like, known.statements, shape.statements.size));
    }
    closest = Math.max(closest, like);
    const base = id === shape.id ? (shape.statements.size >= 3 ? 1 : thinShape) : likenessWeight(like);
    if (base === 0 || (id !== shape.id && !(enough && known.statements >= statementsToCompare))) continue;
    for (const witness of support.witnesses) witnesses.add(witness);
    weight = Math.max(weight, base * specificity('shapes', id, campaign, memory));
  }
  const contradicts = shape.statements.size >= statementsToTell && comparable > 0 && contained < containedMin;
  weight *= standing(witnesses.size, campaign);
  if (weight === 0) return { reason: undefined, contradicts };
  if (closest === 1) return { reason: { kind: 'shape', value: shape.text.slice(0, 120), weight }, contradicts };
  const value = `${Math.round(closest * 100)} % of its statements and their order`;
  return { reason: { kind: 'similar', value, weight }, contradicts };
}

/** Those that share a band, and a few of the campaign's others, to see whether it does anything like it. */
function* comparableShapes(campaign: CampaignState, alike: ReadonlySet<string>): Generator<readonly [string, Support]> {
  let others = 0;
  for (const id of alike) {
    const support = campaign.shapes.get(id);
    if (support !== undefined) yield [id, support];
  }
  for (const [id, support] of campaign.shapes) {
    if (alike.has(id)) continue;
    if (++others > othersCompared) return;
    yield [id, support];
  }
}

/** True where both do something that can be told, and nothing that one does is like anything that the other does. */
export function contradictEachOther(a: CampaignState, b: CampaignState, memory: CampaignMemory): boolean {
  const [ofA, ofB] = [a, b].map((campaign) => tellingShapes(campaign, memory));
  let compared = false;
  for (const one of ofA ?? []) {
    for (const other of ofB ?? []) {
      compared = true;
      const like = similarity(one.signature, other.signature);
      if (containment(like, one.statements, other.statements) >= containedMin) return false;
    }
  }
  return compared;
}

function tellingShapes(campaign: CampaignState, memory: CampaignMemory): KnownShape[] {
  const known = [...campaign.shapes.keys()].slice(0, 4 * othersCompared).flatMap((id) => memory.shapes.get(id) ?? []);
  return known.filter(({ statements }) => statements >= statementsToTell).slice(0, othersCompared);
}

/** The share of the smaller set that lies in the larger one, from their Jaccard similarity and sizes. */
function containment(like: number, a: number, b: number): number {
  return (like * (a + b)) / ((1 + like) * Math.max(1, Math.min(a, b)));
}

function likenessWeight(like: number): number {
  if (like >= nearlySame) return 1;
  return like < similarEnough ? 0 : 0.5 + ((like - similarEnough) / (nearlySame - similarEnough)) * 0.45;
}
