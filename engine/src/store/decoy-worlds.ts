import { createHash } from 'node:crypto';
import { type FoundWorld, KeptFile, type WorldNames } from '@cerberusmesh/contract/decoy-world';
import { secretKeyOf } from '@cerberusmesh/contract/touch';
import type pg from 'pg';
import type { Database } from './database.ts';

export interface DecoyWorldStore {
  /** The world of this address, else the one that knows one of the keys, else the one in which the secret was planted. */
  find(sensor: string, names: WorldNames): Promise<FoundWorld | null>;
  /**
   * Keeps what changed, all of it or nothing. A path has one row: the last that came.
   * @returns false where the world would be larger than `worldBytesMax`.
   */
  keep(
    sensor: string,
    world: string,
    names: Omit<WorldNames, 'secret'>,
    files: readonly KeptFile[],
    worldBytesMax: number,
  ): Promise<boolean>;
  /** Forgets worlds that nobody entered since `before`, and then the longest unused ones beyond `bytesMax` in all. */
  expire(before: Date, bytesMax: number): Promise<number>;
}

/** What visitors left in our decoys, found again by their address, their key or a lure that they use. */
export function createDecoyWorldStore(database: Database): DecoyWorldStore {
  const { pool } = database;
  return { find, keep, expire };

  async function find(sensor: string, names: WorldNames): Promise<FoundWorld | null> {
    const world = (await worldNamed(sensor, names)) ?? (await worldOfLure(sensor, names.secret));
    if (world === undefined) return null;
    await pool.query('update decoy_worlds set entered_at = now() where sensor = $1 and world = $2', [sensor, world]);
    const { rows } = await pool.query(
      `select path, kind, mode, uid, gid, extract(epoch from modified_at) * 1000 as mtime, target, content
         from decoy_world_files where sensor = $1 and world = $2`,
      [sensor, world],
    );
    return { world, files: rows.map(toKept) };
  }

  async function worldNamed(sensor: string, { address, keys }: WorldNames): Promise<string | undefined> {
    const { rows } = await pool.query<{ world: string }>(
      `select world from decoy_world_names
        where sensor = $1 and ((kind = 'address' and name = $2) or (kind = 'key' and name = any($3::text[])))
        order by kind limit 1`,
      [sensor, address, keys],
    );
    return rows[0]?.world;
  }

  /** Who uses a secret that was planted for somebody is that somebody, from wherever he comes. */
  async function worldOfLure(sensor: string, secret: string | null): Promise<string | undefined> {
    if (secret === null || secret.length < secretLengthMin) return undefined;
    const { rows } = await pool.query<{ world: string }>(
      `select n.world
         from lures l left join adaptations a on a.id = l.adaptation_id
         join decoy_world_names n on n.sensor = $1 and n.kind = 'address'
                                 and n.name = coalesce(l.source_ip, l.first_read_ip, a.source_ip)
        where l.secret_hash = $2 and l.planted_at is not null
        order by l.planted_at desc limit 1`,
      [sensor, createHash('sha256').update(secretKeyOf(secret)).digest()],
    );
    return rows[0]?.world;
  }

  async function keep(
    sensor: string,
    world: string,
    names: Omit<WorldNames, 'secret'>,
    files: readonly KeptFile[],
    worldBytesMax: number,
  ): Promise<boolean> {
    try {
      await database.transaction(async (client) => {
        // The row is the lock: two decoys of one sensor change a world one after the other.
        await client.query(
          `insert into decoy_worlds (sensor, world) values ($1, $2)
           on conflict (sensor, world) do update set entered_at = now()`,
          [sensor, world],
        );
        await insertNames(client, sensor, world, names);
        await upsertFiles(client, sensor, world, files);
        const { rows } = await client.query<{ bytes: number }>(
          `select coalesce(sum(coalesce(octet_length(content), 0) + 200), 0)::bigint as bytes
             from decoy_world_files where sensor = $1 and world = $2`,
          [sensor, world],
        );
        if ((rows[0]?.bytes ?? 0) > worldBytesMax) throw new WorldTooLarge();
      });
      return true;
    } catch (error) {
      if (error instanceof WorldTooLarge) return false;
      throw error;
    }
  }

  async function expire(before: Date, bytesMax: number): Promise<number> {
    const old = await pool.query('delete from decoy_worlds where entered_at < $1', [before]);
    const many = await pool.query(
      `with sized as (
         select w.sensor, w.world, sum(coalesce(octet_length(f.content), 0) + 200)
                over (order by w.entered_at desc, w.sensor, w.world, f.path) as bytes
           from decoy_worlds w join decoy_world_files f using (sensor, world))
       delete from decoy_worlds w using (select distinct sensor, world from sized where bytes > $1) s
        where w.sensor = s.sensor and w.world = s.world`,
      [bytesMax],
    );
    return (old.rowCount ?? 0) + (many.rowCount ?? 0);
  }
}

class WorldTooLarge extends Error {}

/** A password that anybody would guess says nothing of who he is. */
const secretLengthMin = 10;

async function insertNames(
  client: pg.PoolClient,
  sensor: string,
  world: string,
  { address, keys }: Omit<WorldNames, 'secret'>,
): Promise<void> {
  const names = [
    ...(address === null ? [] : [{ kind: 'address', name: address }]),
    ...keys.map((name) => ({ kind: 'key', name })),
  ];
  await client.query(
    `insert into decoy_world_names (sensor, world, kind, name)
     select $1, $2, kind, name from unnest($3::text[], $4::text[]) as given (kind, name)
     on conflict (sensor, kind, name) do nothing`,
    [sensor, world, names.map(({ kind }) => kind), names.map(({ name }) => name)],
  );
}

async function upsertFiles(
  client: pg.PoolClient,
  sensor: string,
  world: string,
  files: readonly KeptFile[],
): Promise<void> {
  const nodes = files.map(({ node }) => node);
  await client.query(
    `insert into decoy_world_files (sensor, world, path, kind, mode, uid, gid, modified_at, target, content)
     select $1, $2, path, kind, mode, uid, gid, to_timestamp(mtime / 1000.0), target, content
       from unnest($3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[], $8::float8[], $9::text[], $10::bytea[])
            as given (path, kind, mode, uid, gid, mtime, target, content)
     on conflict (sensor, world, path) do update
       set kind = excluded.kind, mode = excluded.mode, uid = excluded.uid, gid = excluded.gid,
           modified_at = excluded.modified_at, target = excluded.target, content = excluded.content`,
    [
      sensor,
      world,
      files.map(({ path }) => path),
      nodes.map((node) => node?.kind ?? 'gone'),
      nodes.map((node) => node?.mode ?? 0),
      nodes.map((node) => node?.uid ?? 0),
      nodes.map((node) => node?.gid ?? 0),
      nodes.map((node) => node?.mtimeMs ?? 0),
      nodes.map((node) => (node?.kind === 'link' ? node.target : null)),
      nodes.map((node) => (node?.kind === 'file' ? Buffer.from(node.content, 'base64') : null)),
    ],
  );
}

interface FileRow {
  readonly path: string;
  readonly kind: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly mtime: string;
  readonly target: string | null;
  readonly content: Buffer | null;
}

function toKept({ path, kind, mode, uid, gid, mtime, target, content }: FileRow): KeptFile {
  const owner = { mode, uid: Number(uid), gid: Number(gid), mtimeMs: Number(mtime) };
  return KeptFile.parse({
    path,
    node:
      kind === 'gone'
        ? null
        : {
            kind,
            ...owner,
            ...(kind === 'link' ? { target } : {}),
            ...(content ? { content: content.toString('base64') } : {}),
          },
  });
}
