import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { archiveMarkOpening } from '@cerberusmesh/contract/archived-line';
import { to as copyTo } from 'pg-copy-streams';
import { appendAudit } from './audit.ts';
import type { ExpiredMonth } from './choose-expired.ts';
import type { Database } from './database.ts';
import { tableOf } from './partitions.ts';

/** A month that was taken out and still waits for its file. */
export interface DetachedMonth {
  readonly id: string;
  readonly month: string;
}

export interface ArchiveFile {
  readonly file: string;
  readonly events: number;
  readonly bytes: number;
  readonly sha256: Buffer;
}

/** Who waits longer for the lock lets everybody who wants to read or write events wait behind him. */
const lockTimeoutMs = 2_000;

/** Months on their way out of the database. */
export function createArchiveStore(database: Database) {
  return {
    /** Takes a month out. `keep`: its events stay in a table of their own until they are in a file; else they are gone. */
    async takeOut({ month, reason }: ExpiredMonth, keep: boolean): Promise<void> {
      const id = randomUUID();
      const table = tableOf(month);
      await database.transaction(async (client) => {
        await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
        // Names are made of digits and hex digits here; DDL takes no parameters.
        await client.query(`alter table events detach partition ${table}`);
        await client.query(keep ? `alter table ${table} rename to ${tableOfArchive(id)}` : `drop table ${table}`);
        if (keep)
          await client.query('insert into archives (id, month, reason) values ($1, $2, $3)', [id, month, reason]);
        await appendAudit(client, {
          ...{ actor: 'engine', action: keep ? 'events.archive' : 'events.drop', subject: month },
          details: { reason },
        });
      });
    },

    async listDetached(): Promise<DetachedMonth[]> {
      const { rows } = await database.pool.query<DetachedMonth>(
        'select id, month from archives where archived_at is null order by detached_at',
      );
      return rows;
    },

    /** The events of a detached month as lines, in order of their ids; `take` reads them to their end. */
    async readOut<T>({ id }: DetachedMonth, take: (lines: Readable) => Promise<T>): Promise<T> {
      const client = await database.pool.connect();
      let fault: Error | undefined;
      try {
        return await take(client.query(copyTo(linesOf(id))));
      } catch (error) {
        fault = error instanceof Error ? error : new Error(String(error));
        throw error;
      } finally {
        client.release(fault);
      }
    },

    async countDetached({ id }: DetachedMonth): Promise<number> {
      const { rows } = await database.pool.query<{ events: number }>(
        `select count(*) as events from ${tableOfArchive(id)}`,
      );
      return rows[0]?.events ?? 0;
    },

    /** The file is durable: the table goes. */
    async finish({ id, month }: DetachedMonth, { file, events, bytes, sha256 }: ArchiveFile): Promise<void> {
      await database.transaction(async (client) => {
        await client.query(
          'update archives set archived_at = now(), file = $2, events = $3, bytes = $4, sha256 = $5 where id = $1',
          [id, file, events, bytes, sha256],
        );
        await client.query(`drop table ${tableOfArchive(id)}`);
        const details = { file, events, bytes, sha256: sha256.toString('hex') };
        await appendAudit(client, { actor: 'engine', action: 'events.archived', subject: month, details });
      });
    },

    async findTouched(): Promise<ReadonlyMap<string, Date>> {
      const { rows } = await database.pool.query<{ month: string; touched: Date }>(
        'select month, max(greatest(detached_at, restored_at)) as touched from archives group by month',
      );
      return new Map(rows.map(({ month, touched }) => [month, touched]));
    },

    /** Whether what this archive holds was counted in this database, and still is. */
    async isOurs(id: string): Promise<boolean> {
      const { rowCount } = await database.pool.query('select from archives where id = $1', [id]);
      return rowCount === 1;
    },
  };
}

export type ArchiveStore = ReturnType<typeof createArchiveStore>;

/**
 * One line a row. In this form COPY writes a value as it is, because neither of the two characters stands bare in JSON, and
 * a line break only between its parts, where a blank says the same. The row is made without its line: no number in that
 * is one that jsonb must be able to hold.
 */
function linesOf(id: string): string {
  const row = `to_jsonb(jsonb_populate_record(e, '{"raw_event":null}')) - 'raw_event'`;
  const mark = `jsonb_build_object('archive', '${id}', 'row', ${row})`;
  const line = `rtrim(translate(raw_event::text, E'\\r\\n\\t', '   '))`;
  return `copy (select left(${line}, -1) || '${archiveMarkOpening}' || ${mark}::text || '}'
                  from ${tableOfArchive(id)} e order by id)
            to stdout (format csv, delimiter E'\\x02', quote E'\\x01')`;
}

function tableOfArchive(id: string): string {
  return `archived_${id.replaceAll('-', '')}`;
}
