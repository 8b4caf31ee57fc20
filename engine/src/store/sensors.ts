import type pg from 'pg';

/** Sensors that were brought up by us. A sensor that only writes is known by its events. */
export function createSensorStore(pool: pg.Pool) {
  return {
    async register(sensor: string, kind: string, place: string): Promise<void> {
      await pool.query(
        `insert into sensors (sensor, kind, place) values ($1, $2, $3)
         on conflict (sensor) do update set kind = excluded.kind, place = excluded.place`,
        [sensor, kind, place],
      );
    },

    /** Its events and sessions stay. */
    async remove(sensor: string): Promise<void> {
      await pool.query('delete from sensors where sensor = $1', [sensor]);
    },
  };
}
