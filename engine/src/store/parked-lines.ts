import { createHash } from 'node:crypto';
import type { ParkedLine } from '@cerberusmesh/contract/raw-line';
import type pg from 'pg';
import { bigintColumn, bytesColumn, textColumn } from './array-parameters.ts';
import { packParked, unpackParked } from './pack-parked.ts';
import type { Statement } from './statement.ts';

/**
 * Keeps what could not be read. The same broken line read again (a file from the beginning) is not parked twice, unless it
 * shares its row with others in another batch.
 */
export function parkStatement(sourceId: string, lines: readonly ParkedLine[]): Statement | undefined {
  if (lines.length === 0) return undefined;
  const rows = packParked(lines);
  return {
    text: `insert into parked_lines (source_id, reason, explanation, bytes, covered_bytes, content_hash, line_bytes)
     select $1, reason, explanation, bytes, covered_bytes, content_hash, string_to_array(line_bytes, ',')::int[]
       from unnest($2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::bytea[], $7::text[])
         as t (reason, explanation, bytes, covered_bytes, content_hash, line_bytes)
     on conflict (source_id, content_hash) do nothing`,
    values: [
      sourceId,
      textColumn(rows, ({ reason }) => reason),
      textColumn(rows, ({ explanation }) => explanation.replaceAll('\0', '\u2400')),
      bytesColumn(rows, ({ bytes }) => bytes),
      bigintColumn(rows, ({ coveredBytes }) => coveredBytes),
      bytesColumn(rows, ({ bytes }) => createHash('sha256').update(bytes).digest()),
      textColumn(rows, ({ lineBytes }) => lineBytes?.join(',')),
    ],
  };
}

/** A row of parked lines as it is found again. */
export interface StoredParkedLines {
  readonly id: number;
  readonly sourceId: string;
  readonly lines: readonly Buffer[];
}

/** Which rows are open, and how many bytes each has: those named, or the ones whose last try is longest ago. */
export async function listOpenParked(
  pool: pg.Pool,
  ids: readonly number[] | 'all',
  limit: number,
): Promise<{ readonly id: number; readonly bytes: number }[]> {
  const { rows } = await pool.query<{ id: number; bytes: number }>(
    `select id, length(bytes) as bytes from parked_lines where event_id is null and ($1::bigint[] is null or id = any($1))
      order by retried_at nulls first, id limit $2`,
    [ids === 'all' ? null : ids, limit],
  );
  return rows;
}

/** With their bytes; the ids that are there, in their order. */
export async function readParked(pool: pg.Pool, ids: readonly number[]): Promise<StoredParkedLines[]> {
  const { rows } = await pool.query<{ id: number; source_id: string; bytes: Buffer; line_bytes: number[] | null }>(
    'select id, source_id, bytes, line_bytes from parked_lines where id = any($1::bigint[]) order by id',
    [ids],
  );
  return rows.map((row) => ({ id: row.id, sourceId: row.source_id, lines: unpackParked(row.bytes, row.line_bytes) }));
}

/** So that rows of a few bytes count for what they take: their columns and their places in two indexes. */
const rowBytes = 300;

/**
 * Removes the oldest rows beyond `bytesMax`; their lines and bytes stay counted in the ledger of their source. Reads every row
 * once, but none of the bytes. @returns how many rows went.
 */
export async function dropOldParked(pool: Pick<pg.Pool, 'query'>, bytesMax: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from parked_lines where id <= (
       select max(id) from (select id, sum(length(bytes) + $2) over (order by id desc) as newer_bytes from parked_lines) t
        where newer_bytes > $1)`,
    [bytesMax, rowBytes],
  );
  return rowCount ?? 0;
}

/** What they take on the disk, with their indexes. */
export async function sumParkedBytes(pool: Pick<pg.Pool, 'query'>): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>(
    `select pg_total_relation_size('parked_lines')::float8 as bytes`,
  );
  return rows[0]?.bytes ?? 0;
}

/** Records a retry: with the event that the line became (the last one, of many), or that it is still unreadable. */
export async function recordRetries(
  client: pg.PoolClient,
  retries: readonly { readonly id: number; readonly eventId: string | null }[],
): Promise<void> {
  if (retries.length === 0) return;
  await client.query(
    `update parked_lines p set retried_at = now(), event_id = r.event_id
       from unnest($1::bigint[], $2::uuid[]) as r (id, event_id) where p.id = r.id`,
    [retries.map((retry) => retry.id), retries.map((retry) => retry.eventId)],
  );
}
