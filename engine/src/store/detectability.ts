import { Detectability, type SensorMarks } from '@cerberusmesh/contract/detectability';
import type pg from 'pg';

const keptPerSensor = 100;

/** Reports on sensors, the newest hundred of each. */
export function createDetectabilityStore(pool: pg.Pool) {
  return {
    async insert(sensor: string, report: Detectability): Promise<void> {
      await pool.query('insert into detectability (sensor, measured_at, score, report) values ($1, $2, $3, $4)', [
        sensor,
        report.at,
        report.score,
        JSON.stringify(report),
      ]);
      await pool.query(
        `delete from detectability where sensor = $1 and id not in
           (select id from detectability where sensor = $1 order by measured_at desc limit $2)`,
        [sensor, keptPerSensor],
      );
    },

    /** The newest of each sensor, or all of one. */
    async list(sensor: string | undefined): Promise<Detectability[]> {
      const { rows } =
        sensor === undefined
          ? await pool.query('select distinct on (sensor) report from detectability order by sensor, measured_at desc')
          : await pool.query('select report from detectability where sensor = $1 order by measured_at desc', [sensor]);
      return rows.map(({ report }) => Detectability.parse(report));
    },

    /** What other sensors were last known by. */
    async marksOfOthers(sensor: string): Promise<ReadonlyMap<string, SensorMarks>> {
      const { rows } = await pool.query(
        'select distinct on (sensor) sensor, report from detectability where sensor <> $1 order by sensor, measured_at desc',
        [sensor],
      );
      return new Map(rows.map((row) => [String(row.sensor), Detectability.parse(row.report).marks]));
    },
  };
}
