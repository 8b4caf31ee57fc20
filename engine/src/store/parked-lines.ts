import { createHash } from 'node:crypto';
import type { ParkedLine } from '@cerberusmesh/contract/raw-line';
import type pg from 'pg';
import { bigintColumn, bytesColumn, textColumn } from './array-parameters.ts';
import type { Statement } from './statement.ts';

/** Keeps what could not be read. The same broken line read again (a file from the beginning) is not parked twice. */
export function parkStatement(sourceId: string, lines: readonly ParkedLine[]): Statement | undefined {
  if (lines.length === 0) return undefined;
  return {
    text: `insert into parked_lines (source_id, reason, explanation, bytes, covered_bytes, content_hash)
     select $1, * from unnest($2::text[], $3::text[], $4::bytea[], $5::bigint[], $6::bytea[])
     on conflict (source_id, content_hash) do nothing`,
    values: [
      sourceId,
      textColumn(lines, ({ reason }) => reason),
      textColumn(lines, ({ explanation }) => explanation.replaceAll('\0', '\u2400')),
      bytesColumn(lines, ({ bytes }) => bytes),
      bigintColumn(lines, ({ coveredBytes }) => coveredBytes),
      bytesColumn(lines, ({ bytes }) => createHash('sha256').update(bytes).digest()),
    ],
  };
}

export interface StoredParkedLine {
  readonly id: number;
  readonly sourceId: string;
  readonly bytes: Buffer;
  readonly coveredBytes: number;
}

/** Parked lines to try again: those named, or the oldest ones that are still open. */
export async function findParkedLines(
  pool: pg.Pool,
  ids: readonly number[] | 'all',
  limit: number,
): Promise<StoredParkedLine[]> {
  const { rows } = await pool.query<{ id: number; source_id: string; bytes: Buffer; covered_bytes: number }>(
    `select id, source_id, bytes, covered_bytes from parked_lines
      where event_id is null and ($1::bigint[] is null or id = any($1)) order by id limit $2`,
    [ids === 'all' ? null : ids, limit],
  );
  return rows.map((row) => ({
    id: row.id,
    sourceId: row.source_id,
    bytes: row.bytes,
    coveredBytes: row.covered_bytes,
  }));
}

/** Records a retry: with the event that the line became, or that it is still unreadable. */
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
