import type pg from 'pg';

/** Numbers of advisory locks; each only has to differ from the others. */
export const lockKeys = { reassess: 271_828_182, train: 271_828_183, retention: 271_828_184 } as const;

/**
 * Runs `work` where no other process is at the same thing; undefined where one is. The lock belongs to a connection, so
 * a process that dies gives it back at once.
 */
export async function oneAtATime<T>(pool: pg.Pool, key: number, work: () => Promise<T>): Promise<T | undefined> {
  const client = await pool.connect();
  let fault: Error | undefined;
  try {
    const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [key]);
    if (rows[0]?.taken !== true) return undefined;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1)', [key]).catch((error: Error) => {
        fault = error;
      });
    }
  } finally {
    client.release(fault);
  }
}
