import type { TrainingRecord } from '@cerberusmesh/contract/models';
import type pg from 'pg';
import { isoTime } from '../iso-time.ts';

type Connection = Pick<pg.Pool, 'query'>;

const columns = `id, state, step, round(done::numeric, 3)::float8 as done, days, ${isoTime('started_at')} as started_at, started_by,
  ${isoTime('ended_at')} as ended_at, version, promoted, why`;

/** Notes a training over the last `days`; null is all that is stored. */
export async function startTraining(connection: Connection, days: number | null, by: string): Promise<TrainingRecord> {
  const { rows } = await connection.query<TrainingRecord>(
    `insert into trainings (days, started_by, step) values ($1, $2, 'starting') returning ${columns}`,
    [days, by],
  );
  return only(rows);
}

/** How far it is: its step, and 0 to 1 of all steps. @throws where it does not run any more. */
export async function showTraining(connection: Connection, id: string, step: string, done: number) {
  const { rows } = await connection.query<TrainingRecord>(
    `update trainings set step = $2, done = $3 where id = $1 and state = 'running' returning ${columns}`,
    [id, step, done],
  );
  return only(rows);
}

/** How it ended, also where it failed. */
export async function endTraining(
  connection: Connection,
  id: string,
  end: Pick<TrainingRecord, 'state' | 'version' | 'promoted' | 'why'>,
): Promise<TrainingRecord> {
  const { rows } = await connection.query<TrainingRecord>(
    `update trainings set state = $2, version = $3, promoted = $4, why = $5, ended_at = now(),
            done = case when $2 = 'done' then 1 else done end where id = $1 returning ${columns}`,
    [id, end.state, end.version, end.promoted, end.why?.slice(0, 1000)],
  );
  return only(rows);
}

/** Those that a process left behind when it died. Call it while holding the lock of trainings. */
export async function endAbandonedTrainings(connection: Connection): Promise<void> {
  await connection.query(
    `update trainings set state = 'failed', ended_at = now(), why = 'Its process ended before it did.' where state = 'running'`,
  );
}

/** Newest first. */
export async function listTrainings(connection: Connection, limit: number): Promise<TrainingRecord[]> {
  const { rows } = await connection.query<TrainingRecord>(
    `select ${columns} from trainings order by started_at desc, id limit $1`,
    [limit],
  );
  return rows;
}

function only(rows: readonly TrainingRecord[]): TrainingRecord {
  const [row] = rows;
  if (row === undefined) throw new Error('The row of a training is gone.');
  return row;
}
