import type { SessionDigest } from '@cerberusmesh/contract/campaign';
import type pg from 'pg';

/** What the store tells of campaigns that some sessions might belong to; the assess stage's memory is filled from it. */
export interface StoredCampaigns {
  readonly campaigns: readonly { readonly id: string; readonly createdAt: Date; readonly addresses: number }[];
  readonly evidence: readonly StoredSupport[];
  readonly shapes: readonly StoredSupport[];
  readonly signatures: readonly { readonly id: string; readonly statements: number; readonly signature: number[] }[];
  readonly behaviours: readonly {
    readonly evidenceId: string;
    readonly behaviour: number;
    readonly sessions: number;
  }[];
  /** Of the asked addresses, in which campaigns they are known. */
  readonly addresses: readonly { readonly campaignId: string; readonly address: string }[];
  readonly bridges: readonly { readonly olderId: string; readonly youngerId: string; readonly address: string }[];
}

export interface StoredSupport {
  readonly campaignId: string;
  /** Of the evidence or the shape. */
  readonly id: string;
  readonly sessions: number;
  readonly witnesses: readonly string[];
}

/** Of what very many campaigns show, these many are looked at: it tells nothing anyway. */
const sharersMax = 32;
const shapesPerBandMax = 64;
/** A campaign's commonest shapes: what its members do. */
const shapesPerCampaignMax = 8;

/** Reads all that joining these sessions may have to look at, in a few indexed reads whatever the number of campaigns. */
export async function loadCampaigns(
  client: pg.PoolClient,
  digests: readonly SessionDigest[],
  bandsOf: (signature: Int32Array) => Int32Array,
): Promise<StoredCampaigns> {
  const evidenceIds = unique(digests.flatMap(({ evidence }) => evidence.map(({ id }) => id)));
  const addresses = unique(digests.flatMap(({ address }) => address ?? []));
  const shapeIds = await findShapes(client, digests, bandsOf);
  const byEvidence = await readSupport(client, sharersOfEvidence, [evidenceIds]);
  const byShape = await readSupport(client, sharersOfShapes, [shapeIds]);
  const ids = unique([...byEvidence, ...byShape].map(({ campaignId }) => campaignId));
  const weak = await readSupport(client, evidenceOfCampaigns, [evidenceIds, ids]);
  const typical = await readSupport(client, typicalShapes, [ids]);
  const shapes = dedupe([...byShape, ...typical]);
  return {
    campaigns: await rowsOf(client, campaignsText, [ids]),
    evidence: dedupe([...byEvidence, ...weak]),
    shapes,
    signatures: await rowsOf(client, signaturesText, [unique([...shapeIds, ...shapes.map(({ id }) => id)])]),
    behaviours: await rowsOf(client, behavioursText, [evidenceIds]),
    addresses: await rowsOf(client, addressesText, [ids, addresses]),
    bridges: await rowsOf(client, bridgesText, [ids]),
  };
}

/** Evidence of these kinds that campaigns showed since then, latest last. */
export async function findTellingEvidence(
  pool: pg.Pool,
  kinds: readonly string[],
  since: Date,
  limit: number,
): Promise<{ id: string; campaignId: string }[]> {
  const { rows } = await pool.query<{ id: string; campaignId: string }>(
    `select id, "campaignId" from (
       select evidence_id as id, campaign_id as "campaignId", last_seen from campaign_evidence
        where kind = any($1) and last_seen >= $2 order by last_seen desc limit $3) latest order by last_seen`,
    [kinds, since, limit],
  );
  return rows;
}

async function findShapes(
  client: pg.PoolClient,
  digests: readonly SessionDigest[],
  bandsOf: (signature: Int32Array) => Int32Array,
): Promise<string[]> {
  const shapes = new Map(digests.flatMap(({ shape }) => (shape === undefined ? [] : [[shape.id, shape] as const])));
  const bands = [...shapes.values()].flatMap(({ signature }) =>
    [...bandsOf(signature)].map((hash, band) => ({ band, hash })),
  );
  const alike = await rowsOf<{ id: string }>(client, alikeText, [
    bands.map(({ band }) => band),
    bands.map(({ hash }) => hash),
  ]);
  return unique([...shapes.keys(), ...alike.map(({ id }) => id)]);
}

const alikeText = `
select distinct b.shape_id as id from (select distinct band, hash from unnest($1::smallint[], $2::int[]) as u (band, hash)) k,
  lateral (select shape_id from shape_bands s where s.hash = k.hash and s.band = k.band limit ${shapesPerBandMax}) b`;
const sharersOfEvidence = `
select e.campaign_id as "campaignId", e.evidence_id as id, e.sessions::float8 as sessions, e.witnesses
  from unnest($1::uuid[]) as k (id),
       lateral (select * from campaign_evidence c where c.evidence_id = k.id order by c.sessions desc limit ${sharersMax}) e`;
const sharersOfShapes = `
select e.campaign_id as "campaignId", e.shape_id as id, e.sessions::float8 as sessions, e.witnesses
  from unnest($1::uuid[]) as k (id),
       lateral (select * from campaign_shapes c where c.shape_id = k.id order by c.sessions desc limit ${sharersMax}) e`;
const evidenceOfCampaigns = `
select campaign_id as "campaignId", evidence_id as id, sessions::float8 as sessions, witnesses
  from campaign_evidence where evidence_id = any($1::uuid[]) and campaign_id = any($2::uuid[])`;
const typicalShapes = `
select e.campaign_id as "campaignId", e.shape_id as id, e.sessions::float8 as sessions, e.witnesses
  from unnest($1::uuid[]) as k (id),
       lateral (select * from campaign_shapes c where c.campaign_id = k.id order by c.sessions desc limit ${shapesPerCampaignMax}) e`;
const campaignsText = `
select id, created_at as "createdAt", addresses::float8 as addresses from campaigns where id = any($1::uuid[]) and merged_into is null`;
const signaturesText = `select id, statements, signature from shapes where id = any($1::uuid[]) and signature is not null`;
const behavioursText = `
select evidence_id as "evidenceId", behaviour, sessions::float8 as sessions from evidence_behaviours where evidence_id = any($1::uuid[])`;
const addressesText = `
select campaign_id as "campaignId", ip_address as address from campaign_addresses
 where campaign_id = any($1::uuid[]) and ip_address = any($2::text[])`;
const bridgesText = `
select older_id as "olderId", younger_id as "youngerId", ip_address as address from campaign_bridges
 where older_id = any($1::uuid[]) and younger_id = any($1::uuid[])`;

async function readSupport(client: pg.PoolClient, text: string, values: unknown[]): Promise<StoredSupport[]> {
  return await rowsOf<StoredSupport & pg.QueryResultRow>(client, text, values);
}

async function rowsOf<Row extends pg.QueryResultRow>(
  client: pg.PoolClient,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  return (await client.query<Row>(text, values)).rows;
}

function dedupe(rows: readonly StoredSupport[]): StoredSupport[] {
  return [...new Map(rows.map((row) => [`${row.campaignId} ${row.id}`, row])).values()];
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
