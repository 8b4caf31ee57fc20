import { SessionState } from '@cerberusmesh/contract/assessment';
import { sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type pg from 'pg';
import { uuidColumn } from './array-parameters.ts';
import { uuidOf } from './summarize.ts';

/** What assess remembered of these sessions, for the ones that are stored. Keys are those of `sessionKeyOf`. */
export async function loadSessionStates(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, SessionState>> {
  if (keys.length === 0) return new Map();
  const { rows } = await pool.query<{ sensor: string; session_id: string; state: unknown }>({
    name: 'load session states',
    text: 'select sensor, session_id, state from sessions where id = any($1::uuid[])',
    values: [uuidColumn(keys, uuidOf)],
  });
  const states = new Map<string, SessionState>();
  for (const row of rows) {
    // A state of another version is no loss: the session is assessed from here on as if it were new.
    const state = SessionState.safeParse(row.state);
    const key = sessionKeyOf({ sensor: row.sensor, sessionId: row.session_id });
    if (state.success && key !== undefined) states.set(key, state.data);
  }
  return states;
}

/** A sensor that was killed never says that its sessions ended. */
export async function closeForgottenSessions(pool: pg.Pool, idleMinutes: number, now: Date): Promise<number> {
  const { rowCount } = await pool.query(
    `update sessions set is_active = false where is_active and last_event_time < $1::timestamptz - make_interval(mins => $2)`,
    [now, idleMinutes],
  );
  return rowCount ?? 0;
}

/** Sessions of a sensor that have not ended, but for those of our own probe. */
export async function countLiveSessions(pool: pg.Pool, sensor: string): Promise<number> {
  const { rows } = await pool.query<{ live: number }>(
    'select count(*)::int as live from sessions where is_active and not is_probe and sensor = $1',
    [sensor],
  );
  return rows[0]?.live ?? 0;
}
