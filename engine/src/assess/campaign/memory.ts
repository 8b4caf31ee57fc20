import type { Evidence, SessionShape } from '@cerberusmesh/contract/campaign';
import { bandHashes } from './min-hash.ts';

/** How much of a campaign shows something. */
export interface Support {
  sessions: number;
  /** Addresses that showed it; a few are enough to know that it was not one alone. */
  readonly witnesses: Set<string>;
}

export interface CampaignState {
  readonly id: string;
  /** When it was found; the one that was found first survives a merge. */
  readonly createdAt: Date;
  addresses: number;
  /** Those of its addresses that are known here: all in a test, the batch's own in the engine. */
  readonly knownAddresses: Set<string>;
  readonly shapes: Map<string, Support>;
  readonly evidence: Map<string, Support>;
}

export interface KnownShape {
  readonly statements: number;
  readonly signature: Int32Array;
}

export const witnessesMax = 3;
/** Evidence with more behaviours than this is worth next to nothing. */
const behavioursMax = 64;
/** Where those beyond are counted together. */
export const otherBehaviours = 0x7fffffff;
/** Places of one band that are looked at: an attacker may fill a bucket, and must not make every later look-up slow. */
const shapesPerBandMax = 64;

/** What joining looks at: campaigns, and which of them show some evidence or shape. The store fills it for each batch. */
export class CampaignMemory {
  readonly campaigns = new Map<string, CampaignState>();
  readonly byEvidence = new Map<string, Set<string>>();
  readonly byShape = new Map<string, Set<string>>();
  readonly shapes = new Map<string, KnownShape>();
  /** By evidence: how many sessions that show it do what, told by `behaviourOf`. */
  readonly behaviours = new Map<string, Map<number, number>>();
  private readonly bridges = new Map<string, Set<string>>();
  private readonly byBand = new Map<string, string[]>();

  addCampaign(id: string, createdAt: Date, addresses = 0): CampaignState {
    const known = this.campaigns.get(id);
    if (known) return known;
    const campaign = {
      id,
      createdAt,
      addresses,
      knownAddresses: new Set<string>(),
      shapes: new Map(),
      evidence: new Map(),
    };
    this.campaigns.set(id, campaign);
    return campaign;
  }

  addShape(id: string, statements: number, signature: Int32Array): void {
    if (this.shapes.has(id)) return;
    this.shapes.set(id, { statements, signature });
    for (const key of bandKeys(signature)) {
      const bucket = this.byBand.get(key);
      if (bucket === undefined) this.byBand.set(key, [id]);
      else if (bucket.length < shapesPerBandMax) bucket.push(id);
    }
  }

  shapesLike(signature: Int32Array): Set<string> {
    return new Set([...bandKeys(signature)].flatMap((key) => this.byBand.get(key) ?? []));
  }

  /** One more session of this campaign, seen from `address`. */
  addMember(
    campaign: CampaignState,
    address: string | null,
    evidence: readonly Evidence[],
    shape?: SessionShape,
  ): void {
    if (address !== null && !campaign.knownAddresses.has(address)) {
      campaign.knownAddresses.add(address);
      campaign.addresses++;
    }
    for (const { id } of evidence) this.support(campaign, 'evidence', id, 1, address === null ? [] : [address]);
    if (shape === undefined) return;
    this.addShape(shape.id, shape.statements.size, shape.signature);
    this.support(campaign, 'shapes', shape.id, 1, address === null ? [] : [address]);
  }

  support(
    campaign: CampaignState,
    what: 'evidence' | 'shapes',
    id: string,
    sessions: number,
    witnesses: Iterable<string>,
  ): void {
    const support = upsert(campaign[what], id, () => ({ sessions: 0, witnesses: new Set<string>() }));
    support.sessions += sessions;
    for (const witness of witnesses) if (support.witnesses.size < witnessesMax) support.witnesses.add(witness);
    upsert(what === 'evidence' ? this.byEvidence : this.byShape, id, () => new Set<string>()).add(campaign.id);
  }

  addBehaviour(evidenceId: string, behaviour: number, sessions: number): void {
    const known = upsert(this.behaviours, evidenceId, () => new Map<number, number>());
    const key = known.has(behaviour) || known.size < behavioursMax ? behaviour : otherBehaviours;
    known.set(key, (known.get(key) ?? 0) + sessions);
  }

  /** How many addresses have shown by now that these two are one. */
  addBridge(a: string, b: string, address: string): number {
    const bridge = upsert(this.bridges, a < b ? `${a} ${b}` : `${b} ${a}`, () => new Set<string>());
    return bridge.add(address).size;
  }

  /** All of `younger` becomes a part of `older`. */
  merge(older: CampaignState, younger: CampaignState): void {
    for (const [what, index] of [
      ['evidence', this.byEvidence],
      ['shapes', this.byShape],
    ] as const) {
      for (const [id, { sessions, witnesses }] of younger[what]) {
        this.support(older, what, id, sessions, witnesses);
        index.get(id)?.delete(younger.id);
      }
    }
    const shared = [...younger.knownAddresses].filter((address) => older.knownAddresses.has(address)).length;
    older.addresses += younger.addresses - shared;
    for (const address of younger.knownAddresses) older.knownAddresses.add(address);
    this.campaigns.delete(younger.id);
  }
}

function* bandKeys(signature: Int32Array): Generator<string> {
  for (const [band, hash] of bandHashes(signature).entries()) yield `${band} ${hash}`;
}

function upsert<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const fresh = make();
  map.set(key, fresh);
  return fresh;
}
