import type pg from 'pg';

/** Names of what stands in the database. */
export interface StoredNames {
  readonly sensors: readonly string[];
  readonly managedKeys: readonly string[];
}

/** Those that nothing stored is called; a sensor is known once it was invited or brought up, or a line of it was stored. */
export async function findNeverSeen(pool: pg.Pool, { sensors, managedKeys }: StoredNames): Promise<StoredNames> {
  if (sensors.length + managedKeys.length === 0) return { sensors, managedKeys };
  const { rows } = await pool.query<{ is_sensor: boolean; name: string }>(
    `select true as is_sensor, wanted.name from unnest($1::text[]) as wanted (name)
      where not exists (select 1 from sensors where sensor = wanted.name)
        and not exists (select 1 from rollup_hours where sensor = wanted.name)
     union all
     select false, wanted.name from unnest($2::text[]) as wanted (name)
      where not exists (select 1 from managed_keys kept where kept.name = wanted.name)`,
    [sensors, managedKeys],
  );
  const namesWhere = (isSensor: boolean) => rows.filter((row) => row.is_sensor === isSensor).map(({ name }) => name);
  return { sensors: namesWhere(true), managedKeys: namesWhere(false) };
}
