import type { Severity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';

/** As little of a stored event as training needs. */
export interface TrainingEvent {
  readonly id: string;
  readonly eventType: string;
  readonly sensor: string;
  readonly sessionId: string | null;
  readonly severity: Severity;
  readonly threatScore: number;
  readonly line: string;
}

/** The next page in order of ids; visits of our probe and events that wait for a model are left out. */
export async function readTrainingEvents(pool: pg.Pool, afterId: string, limit: number): Promise<TrainingEvent[]> {
  const { rows } = await pool.query<TrainingEvent>({
    name: 'training events',
    text: `select id, event_type as "eventType", sensor, session_id as "sessionId", severity,
                  coalesce(threat_score, 0) as "threatScore", raw_event::text as line
             from events where id > $1 and not is_probe and is_analyzed order by id limit $2`,
    values: [afterId, limit],
  });
  return rows;
}

/** For a progress bar only: what statistics say, without a look at every event. */
export async function countEventsSince(pool: pg.Pool, since: Date): Promise<number> {
  const { rows } = await pool.query<{ events: number }>(
    'select coalesce(sum(events), 0)::int8 as events from rollup_hours where hour >= $1',
    [since],
  );
  return rows[0]?.events ?? 0;
}

/** What people said of commands, oldest first. */
export async function readLabels(pool: pg.Pool): Promise<{ command: string; severity: Severity }[]> {
  const { rows } = await pool.query<{ command: string; severity: Severity }>(
    'select command, severity from feedback where learnable and command is not null order by given_at, event_id',
  );
  return rows;
}
