import type pg from 'pg';

/** Adaptations and actions that stand, or are about to. An action that is verified and cannot be taken back is over. */
export async function countStanding(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ standing: number }>(
    `select (select count(*) from adaptations where status in ('applied', 'verified'))
          + (select count(*) from actions where status in ('waiting', 'planned', 'applied', 'undoing')
                or (status = 'verified' and ended_at is null and expires_at is not null)) as standing`,
  );
  return rows[0]?.standing ?? 0;
}
