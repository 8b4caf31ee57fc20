import type {
  CampaignChanges,
  CampaignDelta,
  Evidence,
  FoldedSession,
  SessionDigest,
} from '@cerberusmesh/contract/campaign';
import { graver } from '@cerberusmesh/contract/severity';
import { campaignName } from './campaign-name.ts';
import { type Joined, joinCampaign, type Merge } from './join.ts';
import { type CampaignMemory, otherBehaviours, type Support } from './memory.ts';
import { behaviourOf } from './min-hash.ts';

export interface FoldInput {
  readonly session: FoldedSession;
  readonly digest: SessionDigest;
}

/** Joins a batch of sessions, in order, to the campaigns in `memory`, and says what that changes in the store. */
export function foldBatch(
  inputs: readonly FoldInput[],
  memory: CampaignMemory,
  now: Date,
  newId: () => string,
): CampaignChanges {
  const joined: (FoldInput & Joined)[] = [];
  for (const input of inputs) {
    const result = joinCampaign(input.digest, memory, { id: newId(), at: now });
    if (result) joined.push({ ...input, ...result });
  }
  const merges = joined.flatMap((one) => one.merges);
  const finalId = followMerges(merges);
  const born = new Set(joined.filter(({ created }) => created).map(({ membership }) => membership.campaignId));
  const members = joined.map((one) => ({ ...one, campaignId: finalId(one.membership.campaignId) }));
  return {
    // One that was born in this batch and melted in it was never there.
    merges: merges.filter(({ youngerId }) => !born.has(youngerId)),
    campaigns: sumCampaigns(members),
    members: members.map(({ session, campaignId, digest, membership }) => ({
      session,
      campaignId,
      shapeId: digest.shape?.id ?? null,
      score: membership.score,
      reasons: membership.reasons,
    })),
    ...sumSupport(members, memory),
    behaviours: sumBehaviours(inputs, memory),
    bridges: joined
      .flatMap(({ bridges }) => bridges)
      .map(({ olderId, youngerId, address }) => ({ olderId: finalId(olderId), youngerId: finalId(youngerId), address }))
      .filter(({ olderId, youngerId }) => olderId !== youngerId),
  };
}

/** Of every session, joined or not: how common something is does not depend on where it led. */
function sumBehaviours(inputs: readonly FoldInput[], memory: CampaignMemory): CampaignChanges['behaviours'] {
  const totals = new Map<string, CampaignChanges['behaviours'][number]>();
  for (const { digest } of inputs) {
    const behaviour = behaviourOf(digest.shape?.signature);
    for (const { id } of digest.evidence) {
      const known = memory.behaviours.get(id);
      const key = known?.has(behaviour) ? behaviour : otherBehaviours;
      const sessions = known?.get(key);
      if (sessions !== undefined) totals.set(`${id} ${key}`, { evidenceId: id, behaviour: key, sessions });
    }
  }
  return [...totals.values()];
}

type Member = FoldInput & { readonly campaignId: string };

function followMerges(merges: readonly Merge[]): (id: string) => string {
  const into = new Map(merges.map(({ youngerId, olderId }) => [youngerId, olderId]));
  return function finalId(id) {
    let current = id;
    for (let next = into.get(current); next !== undefined; next = into.get(current)) current = next;
    return current;
  };
}

function sumCampaigns(members: readonly Member[]): CampaignDelta[] {
  const deltas = new Map<string, CampaignDelta>();
  for (const { campaignId, session, digest } of members) {
    const delta = deltas.get(campaignId) ?? firstOf(campaignId, session, digest);
    deltas.set(campaignId, delta);
    if (session.startedAt < delta.firstSeen) delta.firstSeen = session.startedAt;
    if (session.lastEventAt > delta.lastSeen) delta.lastSeen = session.lastEventAt;
    delta.sessions++;
    delta.sensors.add(session.sensor);
    delta.severity = graver(delta.severity, session.severity);
    delta.threatScore = Math.max(delta.threatScore, session.threatScore);
    for (const technique of session.techniques) delta.techniques.add(technique);
    if (session.sourceIp === null) continue;
    const { sessions = 0, lastSeen = session.lastEventAt } = delta.addresses.get(session.sourceIp) ?? {};
    const later = lastSeen > session.lastEventAt ? lastSeen : session.lastEventAt;
    delta.addresses.set(session.sourceIp, { sessions: sessions + 1, lastSeen: later });
  }
  return [...deltas.values()];
}

function firstOf(id: string, session: FoldedSession, digest: SessionDigest): CampaignDelta {
  return {
    id,
    name: campaignName(digest),
    firstSeen: session.startedAt,
    lastSeen: session.lastEventAt,
    sessions: 0,
    sensors: new Set(),
    addresses: new Map(),
    severity: session.severity,
    threatScore: session.threatScore,
    techniques: new Set(),
  };
}

function sumSupport(members: readonly Member[], memory: CampaignMemory): Pick<CampaignChanges, 'evidence' | 'shapes'> {
  const evidence = new Map<string, CampaignChanges['evidence'][number]>();
  const shapes = new Map<string, CampaignChanges['shapes'][number]>();
  for (const { campaignId, session, digest } of members) {
    const campaign = memory.campaigns.get(campaignId);
    for (const item of digest.evidence) {
      const key = `${campaignId} ${item.id}`;
      const total = totalOf(campaignId, campaign?.evidence.get(item.id));
      if (total) evidence.set(key, widened({ ...total, ...item }, evidence.get(key), session));
    }
    if (digest.shape === undefined) continue;
    const total = totalOf(campaignId, campaign?.shapes.get(digest.shape.id));
    if (total) shapes.set(`${campaignId} ${digest.shape.id}`, { ...total, id: digest.shape.id });
  }
  return { evidence: [...evidence.values()], shapes: [...shapes.values()] };
}

function totalOf(campaignId: string, support: Support | undefined) {
  return support && { campaignId, sessions: support.sessions, witnesses: [...support.witnesses] };
}

type EvidenceTotal = CampaignChanges['evidence'][number];

function widened(
  item: Omit<EvidenceTotal, 'firstSeen' | 'lastSeen'> & Evidence,
  known: EvidenceTotal | undefined,
  { startedAt, lastEventAt }: FoldedSession,
): EvidenceTotal {
  return {
    ...item,
    firstSeen: known !== undefined && known.firstSeen < startedAt ? known.firstSeen : startedAt,
    lastSeen: known !== undefined && known.lastSeen > lastEventAt ? known.lastSeen : lastEventAt,
  };
}
