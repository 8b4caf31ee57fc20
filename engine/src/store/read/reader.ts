import { CerberusError } from '@cerberusmesh/contract/errors';
import pg from 'pg';
import { createPoolFault } from '../pool-fault.ts';

/**
 * Who reads on for a while finds his connections open: of a fresh one the first answer took 0.3 s instead of 0.06. The first
 * view asks three things at once, so three stay open for the first page of the day.
 */
const connectionIdleMs = 300_000;
const connectionsOpen = 3;

/** Longer than any indexed read takes, short enough that a question without an index cannot hold the database up. */
const readTimeoutMs = 2000;
/** Longer, so that who waits behind a read that is stopped still gets its connection. */
const connectionTimeoutMs = 3000;

/** Runs one SELECT. Rows are what the statement says they are; the API's schemas check them again on the way out. */
export interface Reader {
  rows<Row extends pg.QueryResultRow>(statement: string, values?: readonly unknown[]): Promise<Row[]>;
}

export interface ReadPool extends Reader {
  close(): Promise<void>;
}

/**
 * A pool of its own for reading: no reader can take the writer's connections, no statement runs over
 * `readTimeoutMs`, and the server itself refuses to write on it.
 */
export function openReadPool(url: string, connectionsMax = 4): ReadPool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: 'cerberus-read',
    min: connectionsOpen,
    max: connectionsMax,
    idleTimeoutMillis: connectionIdleMs,
    connectionTimeoutMillis: connectionTimeoutMs,
    statement_timeout: readTimeoutMs,
    options: '-c default_transaction_read_only=on -c jit=off',
    keepAlive: true,
  });
  // An idle connection that the server closes raises this; the pool replaces it, and the next query tells the rest.
  pool.on('error', () => undefined);
  return { ...createReader(pool), close: () => pool.end() };
}

/** @throws CerberusError QUERY_TOO_SLOW, DATABASE_BUSY or DATABASE_AWAY; any other fault of a statement is a bug and thrown as it is. */
export function createReader(pool: pg.Pool): Reader {
  const poolFault = createPoolFault(pool);
  return {
    async rows<Row extends pg.QueryResultRow>(statement: string, values: readonly unknown[] = []) {
      try {
        const { rows } = await pool.query<Row>(statement, [...values]);
        return rows;
      } catch (cause) {
        throw faultOfStatement(cause) ?? poolFault(cause, 'A read found no database.');
      }
    },
  };
}

const queryCanceled = '57014';

/** SQLSTATE class 22: a value that has the right form but that the type cannot hold, for example the year 0. */
function isDataException(code: unknown): boolean {
  return typeof code === 'string' && code.length === 5 && code.startsWith('22');
}

function faultOfStatement(cause: unknown): CerberusError | undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === queryCanceled) {
    return new CerberusError('QUERY_TOO_SLOW', `A read took more than ${readTimeoutMs} ms and was stopped.`, cause);
  }
  if (cause instanceof Error && 'code' in cause && isDataException(cause.code)) {
    return new CerberusError('VALIDATION_FAILED', 'A value is outside of what the database can compare.', cause);
  }
  return undefined;
}
