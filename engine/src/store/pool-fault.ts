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
  const connections = connectionsOf(pool);

  return function poolFault(cause, detail) {
    if (isBusy(cause)) return new CerberusError('DATABASE_BUSY', detail, cause);
    return isDatabaseAway(cause) ? new CerberusError('DATABASE_AWAY', detail, cause) : cause;
  };

  function isBusy(cause: unknown): boolean {
    if (!(cause instanceof Error)) return false;
    return (
      (connections.taken > 0 && noneFree.test(cause.message)) || ('code' in cause && cause.code === tooManyConnections)
    );
  }
}

const counted = new WeakMap<pg.Pool, { taken: number }>();

/** Counted once for a pool, however many stores are on it. */
function connectionsOf(pool: pg.Pool): { readonly taken: number } {
  const known = counted.get(pool);
  if (known) return known;
  const connections = { taken: 0 };
  counted.set(pool, connections);
  pool.on('acquire', () => connections.taken++);
  pool.on('release', () => connections.taken--);
  return connections;
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
