import pg from 'pg';

/** First numbers of advisory locks with two; each only has to differ from the others. */
const partitionLocks = 271_828_190;
const memberLocks = 271_828_191;

export interface PartitionLeases {
  /** Partitions that are this worker's alone, as far as it knows. */
  owned(): ReadonlySet<number>;
  /**
   * Takes free partitions and gives surplus ones back, until every worker has its share. What a lost connection held is
   * lost with it. Call it between two batches: who takes over reads what is stored.
   */
  refresh(): Promise<void>;
  /** Gives everything back. */
  close(): Promise<void>;
}

/**
 * Shares partitions between workers without a leader: a partition belongs to the connection that holds its advisory lock,
 * and PostgreSQL gives it back when that ends, however it ends. How many workers there are is told by the locks as well.
 */
export function createPartitionLeases(options: { readonly url: string; readonly partitions: number }): PartitionLeases {
  const { url, partitions } = options;
  const owned = new Set<number>();
  let connection: pg.Client | undefined;

  return {
    owned: () => owned,
    async refresh() {
      connection ??= await connect();
      const client = connection;
      const members = await countMembers(client);
      const most = Math.ceil(partitions / members);
      await giveBack(client, owned.size - most);
      await takeFree(client, most);
    },
    async close() {
      const client = connection;
      connection = undefined;
      owned.clear();
      await client?.end().catch(() => undefined);
    },
  };

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: url,
      application_name: 'cerberus worker leases',
      connectionTimeoutMillis: 5000,
      // A machine that vanished must not keep its partitions for the two hours that are usual.
      options: '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
    });
    const lost = () => {
      if (connection !== client) return;
      connection = undefined;
      owned.clear();
    };
    client.on('error', lost);
    client.on('end', lost);
    await client.connect();
    await client.query('select pg_advisory_lock_shared($1, pg_backend_pid())', [memberLocks]);
    return client;
  }

  async function countMembers(client: pg.Client): Promise<number> {
    const { rows } = await client.query<{ members: number }>(
      `select count(*)::int as members from pg_locks
        where locktype = 'advisory' and granted and classid = $1 and objsubid = 2
          and database = (select oid from pg_database where datname = current_database())`,
      [memberLocks],
    );
    return Math.max(1, rows[0]?.members ?? 1);
  }

  async function giveBack(client: pg.Client, surplus: number): Promise<void> {
    for (const partition of [...owned].slice(0, Math.max(0, surplus))) {
      owned.delete(partition);
      await client.query('select pg_advisory_unlock($1, $2)', [partitionLocks, partition]);
    }
  }

  async function takeFree(client: pg.Client, most: number): Promise<void> {
    if (owned.size >= most) return;
    // Two that come at the same time do not ask for the same ones in the same order.
    const first = Math.floor(Math.random() * partitions);
    for (let at = 0; at < partitions && owned.size < most; at++) {
      const partition = (first + at) % partitions;
      if (owned.has(partition)) continue;
      const { rows } = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1, $2) as taken', [
        partitionLocks,
        partition,
      ]);
      if (rows[0]?.taken === true) owned.add(partition);
    }
  }
}
