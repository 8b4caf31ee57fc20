import type pg from 'pg';

export interface AttackerCounts {
  readonly sessions: number;
  readonly highEvents: number;
  readonly touches: number;
}

/** By address; those that nobody has come from yet are left out. */
export async function findAttackerCounts(
  pool: pg.Pool,
  addresses: readonly string[],
): Promise<Map<string, AttackerCounts>> {
  const { rows } = await pool.query<AttackerCounts & { ip_address: string }>({
    name: 'find attacker counts',
    text: `select ip_address, total_sessions as sessions, high_severity_count as "highEvents", touches
             from attackers where ip_address = any($1::text[])`,
    values: [addresses],
  });
  return new Map(rows.map(({ ip_address, ...counts }) => [ip_address, counts]));
}
