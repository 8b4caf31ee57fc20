import { FileSet } from '@cerberusmesh/contract/adaptation';
import type pg from 'pg';
import { z } from 'zod';
import type { Database } from './database.ts';

/**
 * Takes an adaptation out from below newer ones, which needs no touch of the honeypot: what lies directly on it gives back
 * from now on what stood before both. A step says so in the same transaction, so that it is done once. What covers only a
 * part of it, as a banner does that of the machine it names, has to go first: it would be left as part of a machine that is
 * gone. The caller holds the lock of the honeypot.
 */
export async function liftAdaptation(database: Database, id: string): Promise<Lifted> {
  return await database.transaction(async (client) => {
    const below = await findBelow(client, id);
    if (below?.lifted) return 'lifted';
    if (!below?.old_config || !below.new_config) return 'on_top';
    const { old_config: old, new_config: planted } = below;
    const layers = await findLayers(client, id, planted, old);
    if (layers.size === 0) return 'on_top';
    const partial = [...layers.values()].find((layer) => !coversAll(layer, planted));
    if (partial) return { first: partial.id };
    const unsettled = [...layers.values()].filter(({ isSettled }) => !isSettled);
    if (unsettled.length > 0) return { waits: explain(unsettled) };
    for (const layer of layers.values()) {
      await client.query('update adaptations set old_config = $2 where id = $1', [layer.id, JSON.stringify(layer.old)]);
    }
    const step = { name: liftedStep, at: new Date().toISOString(), details: { below: [...layers.keys()] } };
    await client.query('update adaptations set steps = steps || $2::jsonb where id = $1', [id, JSON.stringify([step])]);
    return 'lifted';
  });
}

/**
 * `on_top`: nothing lies on it, so its files are put back. `lifted`: it is out. `waits`: not now, as a sentence. `first`: the
 * id of what is to be taken back before it.
 */
export type Lifted = 'on_top' | 'lifted' | { readonly waits: string } | { readonly first: string };

const liftedStep = 'lifted out';

function explain(layers: readonly Layer[]): string {
  const names = layers.map(({ actionType, id }) => `${actionType} (${id})`).join(', ');
  return `${names} lies on it and is not finished yet.`;
}

function coversAll({ old }: Layer, { files }: FileSet): boolean {
  const covered = new Set(old.files.map(({ path }) => path));
  return files.every(({ path }) => covered.has(path));
}

/** What lies directly on its files, already giving back what stood before both. */
async function findLayers(client: pg.PoolClient, id: string, planted: FileSet, old: FileSet) {
  const layers = new Map<string, Layer>();
  for (const { path, sha256 } of planted.files) {
    const found = await findAbove(client, id, path);
    const layer = found && (layers.get(found.id) ?? found);
    // What lies on something else than what we wrote lies on a change of somebody else's.
    if (layer?.old.files.find((file) => file.path === path)?.sha256 !== sha256) continue;
    const before = old.files.find((file) => file.path === path);
    const files = layer.old.files.map((file) => (file.path === path ? (before ?? file) : file));
    layers.set(layer.id, { ...layer, old: { files } });
  }
  return layers;
}

/** A newer adaptation, with what it gives back. */
interface Layer {
  readonly id: string;
  readonly actionType: string;
  /** It is carried out whole, and is not being taken back. */
  readonly isSettled: boolean;
  readonly old: FileSet;
}

const Below = z.object({ old_config: FileSet.nullable(), new_config: FileSet.nullable(), lifted: z.boolean() });

async function findBelow(client: pg.PoolClient, id: string): Promise<z.output<typeof Below> | undefined> {
  const { rows } = await client.query(
    `select old_config, new_config, steps @> $2::jsonb as lifted from adaptations where id = $1 for update`,
    [id, JSON.stringify([{ name: liftedStep }])],
  );
  return rows.map((row) => Below.parse(row))[0];
}

const Above = z.object({ id: z.string(), action_type: z.string(), is_settled: z.boolean(), old_config: FileSet });

/** What was laid on this file next. */
async function findAbove(client: pg.PoolClient, id: string, path: string): Promise<Layer | undefined> {
  const { rows } = await client.query(
    `select above.id, above.action_type, above.old_config,
            above.status in ('applied', 'verified') and above.ends_as is null as is_settled
       from adaptations below join adaptations above on above.sensor = below.sensor
      where below.id = $1 and (above.created_at, above.id) > (below.created_at, below.id)
        and above.status in ('planned', 'applied', 'verified') and above.old_config is not null
        and above.new_config->'files' @> $2::jsonb
      order by above.created_at, above.id limit 1 for update of above`,
    [id, JSON.stringify([{ path }])],
  );
  const [row] = rows.map((found) => Above.parse(found));
  return row && { id: row.id, actionType: row.action_type, isSettled: row.is_settled, old: row.old_config };
}
