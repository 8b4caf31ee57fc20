import type { ShapeDelta } from '@cerberusmesh/contract/campaign';
import type pg from 'pg';
import { storableJson } from './storable-json.ts';

const sensorsMax = 32;

/** Adds a batch's shapes to those that were ever seen. */
export async function addShapes(
  client: pg.PoolClient,
  deltas: readonly ShapeDelta[],
  bandsOf: (signature: Int32Array) => Int32Array,
): Promise<void> {
  if (deltas.length === 0) return;
  const rows = deltas.map(({ sensors, signature, ...delta }) => ({
    ...delta,
    sensors: [...sensors],
    signature: signature && [...signature],
  }));
  await client.query(shapesText, [storableJson(rows)]);
  const bands = deltas.flatMap(({ id, signature }) =>
    signature === null ? [] : [...bandsOf(signature)].map((hash, band) => ({ id, hash, band })),
  );
  if (bands.length > 0) await client.query(bandsText, [storableJson(bands)]);
}

const shapesText = `
insert into shapes as s (id, kind, shape, first_seen, last_seen, sessions, sensors, first_session, statements, signature)
select r.id, r.kind, r.shape, r."firstSeen", r."lastSeen", r.sessions, r.sensors, r."firstSession", r.statements, r.signature
  from jsonb_to_recordset($1::jsonb) as r (id uuid, kind text, shape text, "firstSeen" timestamptz, "lastSeen" timestamptz,
         sessions bigint, sensors text[], "firstSession" uuid, statements int, signature int[])
 order by r.id
on conflict (id) do update set
  first_session = case when excluded.first_seen < s.first_seen then excluded.first_session else s.first_session end,
  first_seen = least(s.first_seen, excluded.first_seen),
  last_seen = greatest(s.last_seen, excluded.last_seen),
  sessions = s.sessions + excluded.sessions,
  sensors = case when s.sensors @> excluded.sensors or cardinality(s.sensors) >= ${sensorsMax} then s.sensors
                 else array(select distinct u from unnest(s.sensors || excluded.sensors) u order by u limit ${sensorsMax}) end`;

const bandsText = `
insert into shape_bands (band, hash, shape_id)
select r.band, r.hash, r.id from jsonb_to_recordset($1::jsonb) as r (id uuid, hash int, band smallint)
on conflict do nothing`;
