import { setPriority } from 'node:os';
import pg from 'pg';

// int8 arrives as text by default. Our counts stay far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface Database {
  readonly pool: pg.Pool;
  /** Runs `work` in one transaction on one connection; commits, or rolls back and rethrows. */
  transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  /**
   * The same for work that says `begin` and `commit` by itself: a batch that is sent in one go. Batches have connections
   * of their own. The server plans each statement anew for each connection, and on one that another part of the program
   * had used before, a batch's first five took 30 to 90 ms each; of ten connections that all take from, a new one turned up every few
   * seconds.
   */
  onOneConnection<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  readonly applicationName: string;
  readonly connectionsMax?: number;
  /** Its server's processes give way to those of others. Only for a server on this machine that is ours: see `giveWay`. */
  readonly givesWay?: boolean;
}

/** Opens a pool; no connection is made before the first query, so a database that is away does not stop the start. */
export function openDatabase({ url, applicationName, connectionsMax = 10, givesWay }: DatabaseOptions): Database {
  const pool = openPool(connectionsMax);
  const batches = openPool(Math.min(connectionsMax, batchConnectionsMax));
  return {
    pool,
    transaction: (work) =>
      onOneConnection(pool, async (client) => {
        await client.query('begin');
        const result = await work(client);
        await client.query('commit');
        return result;
      }),
    onOneConnection: (work) => onOneConnection(batches, work),
    close: async () => void (await Promise.all([pool.end(), batches.end()])),
  };

  /** Opens nothing yet. */
  function openPool(max: number): pg.Pool {
    const opened = new pg.Pool({
      connectionString: url,
      application_name: applicationName,
      max,
      connectionTimeoutMillis: 5000,
      // What is done every ten seconds and more would open a connection each time, which costs as much as a hundred questions.
      idleTimeoutMillis: 300_000,
      keepAlive: true,
    });
    // An idle connection that the server closes raises this; the pool replaces it, and the next query tells the rest.
    opened.on('error', () => undefined);
    // One that is in use raises it itself, and where nobody hears it the process ends: the pool listens only while it is idle.
    opened.on('connect', (client) => client.on('error', () => undefined));
    if (givesWay === true) opened.on('connect', giveWay);
    return opened;
  }
}

/** So many sources store at the same moment; a pool gives the latest used first, so one source has one connection. */
const batchConnectionsMax = 5;

const lowPriority = 10;

/** Where we may not, it is only slower for others. */
function giveWay(client: pg.PoolClient): void {
  // `as`: told by the server at the beginning of each connection; the types leave it out.
  const { processID } = client as pg.PoolClient & { readonly processID?: number | null };
  try {
    if (processID) setPriority(processID, lowPriority);
  } catch {}
}

async function onOneConnection<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let fault: Error | undefined;
  try {
    return await work(client);
  } catch (error) {
    fault = error instanceof Error ? error : new Error(String(error));
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    // A connection that failed may be in any state (a COPY cut short): it does not go back to the pool.
    client.release(fault);
  }
}

const awayCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // PostgreSQL: shutdown, crash, starting up, too many connections, serialization, deadlock, read-only standby after a fail-over.
  '57P01',
  '57P02',
  '57P03',
  '53300',
  '40001',
  '40P01',
  '25006',
  '08000',
  '08003',
  '08006',
  // Disk or memory full: whoever runs the server can mend it, and nothing may be lost meanwhile.
  '53100',
  '53200',
]);

/** True where the same statement may succeed later: the server is away, restarting or out of room. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'string') return awayCodes.has(code);
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}

/** Also true where another process stored one of a batch's events between our look and our write: look again. */
export function isWorthRetrying(error: unknown): boolean {
  return isDatabaseAway(error) || (error instanceof Error && 'code' in error && error.code === '23505');
}
