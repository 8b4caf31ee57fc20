import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type AppliedMigration, layOut } from '../migrate.ts';
import { addPartition } from '../partitions.ts';
import { listTables } from './tables.ts';

export interface StateWriting {
  /** Pieces of one table follow each other; the table is ended by the next one's first, or by `end`. */
  write(table: string, bytes: Buffer): Promise<void>;
  /** Ends loading and puts right what follows from the rows. @returns rows by table */
  end(moved: { readonly from: string; readonly to: string }): Promise<ReadonlyMap<string, number>>;
}

/** Fills an empty database within the caller's transaction, so that a restore is there as a whole or not at all. */
export async function beginState(
  client: pg.PoolClient,
  shape: {
    readonly migrations: readonly AppliedMigration[];
    readonly months: readonly string[];
    readonly tables: readonly string[];
  },
): Promise<StateWriting> {
  await layOut(client, shape.migrations);
  // Months that retention took out and that still wait for their file.
  for (const name of shape.tables.filter((table) => archivedForm.test(table))) {
    await client.query(`create table ${name} (like events including all)`);
  }
  const tables = new Map((await listTables(client)).map((table) => [table.name, table]));
  const names = [...tables.keys()].join(', ');
  // Migrations put rows in, and triggers would write the audit log and the queues a second time.
  await client.query(`truncate ${names}`);
  for (const name of tables.keys()) await client.query(`alter table ${name} disable trigger user`);
  for (const month of shape.months) await addPartition(client, month);

  const counts = new Map<string, number>();
  let current: { readonly name: string; readonly copy: Writable & { readonly rowCount: number } } | undefined;

  return {
    async write(name, bytes) {
      if (current?.name !== name) {
        await endTable();
        current = { name, copy: begin(name) };
      }
      const { copy } = current;
      await new Promise<void>((resolve, reject) => {
        copy.write(bytes, (error) => (error ? reject(error) : resolve()));
      });
    },
    async end({ from, to }) {
      await endTable();
      for (const name of tables.keys()) await client.query(`alter table ${name} enable trigger user`);
      if (tables.has('kept_files'))
        await client.query(
          `update kept_files set path = $2 || substr(path, length($1) + 1) where left(path, length($1) + 1) = $1 || '/'`,
          [from, to],
        );
      await advanceIdentities(client);
      return counts;
    },
  };

  function begin(name: string) {
    const table = tables.get(name);
    if (!table || counts.has(name)) throw new Error(`the backup has the table ${name} out of place`);
    const copy = client.query(copyFrom(`copy ${name} (${table.columns.join(', ')}) from stdin`));
    // Whoever writes or ends it is told; without a listener a refusal between two writes would end the process.
    copy.on('error', () => undefined);
    return copy;
  }

  async function endTable(): Promise<void> {
    if (!current) return;
    const { name, copy } = current;
    copy.end();
    await finished(copy);
    counts.set(name, copy.rowCount);
    current = undefined;
  }
}

const archivedForm = /^archived_[0-9a-f]{32}$/;

/** Loaded rows have their numbers already; the next ones come after them. */
async function advanceIdentities(client: pg.PoolClient): Promise<void> {
  const { rows } = await client.query<{ name: string; column: string }>(
    `select c.relname as name, quote_ident(a.attname) as column
       from pg_attribute a join pg_class c on c.oid = a.attrelid
      where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and a.attidentity <> '' and not a.attisdropped`,
  );
  for (const { name, column } of rows) {
    await client.query(
      `select setval(pg_get_serial_sequence($1, $2), greatest(1, (select max(${column}) from ${name})),
                     exists (select from ${name}))`,
      [name, column],
    );
  }
}
