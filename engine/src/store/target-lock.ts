import type pg from 'pg';

/** What keeps two processes from working on one target at the same time. */
export interface TargetLock {
  /** Waits until nobody else works on it. `lost` aborts where the lock is gone before the work has ended. */
  withTarget<T>(target: string, work: (lost: AbortSignal) => Promise<T>): Promise<T>;
  /** Undefined where somebody works on it. */
  tryTarget<T>(target: string, work: (lost: AbortSignal) => Promise<T>): Promise<T | undefined>;
}

const lockKey = `hashtextextended('action on ' || $1, 0)`;
const unlockText = `select pg_advisory_unlock(${lockKey})`;

/**
 * The lock lives on a connection of its own; after a failure the connection is closed, which gives the lock back. Where the
 * connection ends first (the server restarts), another process may take the lock at once, so whoever works is told.
 */
export function createTargetLock(pool: pg.Pool): TargetLock {
  async function locked<T>(
    target: string,
    take: string,
    work: (lost: AbortSignal) => Promise<T>,
  ): Promise<{ value: T } | undefined> {
    const client = await pool.connect();
    const lost = new AbortController();
    const lose = (): void => lost.abort();
    // The pool listens only to connections that nobody has: unheard, the end of this one would end the program.
    client.on('error', lose);
    let failed = true;
    try {
      // The waiting form answers nothing at all, the trying one false where somebody else has it.
      const text = `select ${take}(${lockKey}) as taken`;
      const { rows } = await client.query<{ taken: unknown }>({ name: take, text, values: [target] });
      const result = rows[0]?.taken === false ? undefined : { value: await work(lost.signal) };
      if (result && !lost.signal.aborted)
        await client.query({ name: 'unlock target', text: unlockText, values: [target] });
      failed = lost.signal.aborted;
      return result;
    } finally {
      client.off('error', lose);
      client.release(failed);
    }
  }

  return {
    async withTarget(target, work) {
      const result = await locked(target, 'pg_advisory_lock', work);
      if (!result) throw new Error(`the lock on ${target} was not given`);
      return result.value;
    },
    async tryTarget(target, work) {
      return (await locked(target, 'pg_try_advisory_lock', work))?.value;
    },
  };
}
