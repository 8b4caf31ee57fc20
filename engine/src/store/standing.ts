import type pg from 'pg';

/**
 * Of a row of `adaptations`: it lies in one attacker's world alone, who may have seen it. It is never taken back, so
 * nobody waits for that. (`explainKept` of act tells people the same.)
 */
export const isKept = `coalesce(action_details->>'way' = 'plugin' or action_details ? 'attacker', false)`;

const standing = `
  select 'adaptation' as type, action_type as what, sensor as place, undo_error
    from adaptations where status in ('planned', 'applied', 'verified') and not ${isKept}
  union all
  select 'action', kind, target, undo_error
    from actions where status in ('waiting', 'planned', 'applied', 'undoing')
      or (status = 'verified' and ended_at is null and expires_at is not null)`;

/** Adaptations and actions that stand, or are about to. An action that is verified and cannot be taken back is over. */
export async function countStanding(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(`select count(*) from (${standing}) as s`);
  return rows[0]?.count ?? 0;
}

/** Traps that stay because they lie in their attackers' own worlds. */
export async function countKept(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(
    `select count(*) from adaptations where status in ('applied', 'verified') and ${isKept}`,
  );
  return rows[0]?.count ?? 0;
}

/** Some of what stands, each with why it could not be taken back so far; null where nobody tried. */
export async function listStanding(pool: pg.Pool, max: number): Promise<readonly StandingThing[]> {
  const { rows } = await pool.query<StandingThing>(
    `select type, what, place, undo_error as "undoError" from (${standing}) as s order by undo_error nulls last limit $1`,
    [max],
  );
  return rows;
}

export interface StandingThing {
  readonly type: 'adaptation' | 'action';
  /** `AWS_CREDENTIALS`, `launch_decoy` */
  readonly what: string;
  readonly place: string;
  readonly undoError: string | null;
}
