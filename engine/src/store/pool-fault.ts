import { CerberusError } from '@cerberusmesh/contract/errors';
import type pg from 'pg';
import { isDatabaseAway } from './database.ts';

/** What pg-pool says to who waited for a connection: also where the first one is still being made. */
const noneFree = /timeout exceeded when trying to connect/;
const tooManyConnections = '53300';

/**
 * What went wrong with a statement on this pool, as the catalogue names it: DATABASE_BUSY where the database answers
 * others and no connection came free, DATABASE_AWAY where it does not answer; any other fault as it is.
 */
export function createPoolFault(pool: pg.Pool): (cause: unknown, detail: string) => unknown {
  let taken = 0;
  pool.on('acquire', () => taken++);
  pool.on('release', () => taken--);

  return function poolFault(cause, detail) {
    if (isBusy(cause)) return new CerberusError('DATABASE_BUSY', detail, cause);
    return isDatabaseAway(cause) ? new CerberusError('DATABASE_AWAY', detail, cause) : cause;
  };

  function isBusy(cause: unknown): boolean {
    if (!(cause instanceof Error)) return false;
    return (taken > 0 && noneFree.test(cause.message)) || ('code' in cause && cause.code === tooManyConnections);
  }
}

/** Waits for `work` on this pool. @throws CerberusError DATABASE_BUSY or DATABASE_AWAY with this detail, or the fault as it is. */
export function createPoolGuard(pool: pg.Pool, detail: string) {
  const poolFault = createPoolFault(pool);
  return async function guarded<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (cause) {
      throw poolFault(cause, detail);
    }
  };
}
