import type { SourceIdentity } from '@cerberusmesh/contract/between-stages';
import type { LineBatch } from '@cerberusmesh/contract/raw-line';
import type pg from 'pg';
import type { Database } from './database.ts';
import { type Statement, sendTogether } from './statement.ts';

/** What a batch adds to its source's ledger. */
export interface SourceAdvance {
  /** Undefined leaves it as it is: whoever reads the source keeps it. */
  readonly position: unknown;
  /** Where it must stand, null for nowhere yet; undefined: wherever it stands. */
  readonly from?: unknown;
  readonly readBytes: number;
  readonly storedBytes: number;
  readonly duplicateBytes: number;
  readonly parkedBytes: number;
  readonly storedLines: number;
  readonly duplicateLines: number;
  readonly parkedLines: number;
  readonly lastEventTime: string | null;
}

/** True where a source does not stand where its reader left it. Nothing of the batch is stored. */
export function isSourceMoved(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === movedCode;
}

/** For whoever sees by other means that a source was moved. */
export function sourceMoved(): Error {
  return Object.assign(new Error('A source does not stand where its reader left it.'), { code: movedCode });
}

/** Of the migration's function. */
const movedCode = 'CM042';

/**
 * Moves a source's position together with its ledger, in the transaction that stores what the position covers. With `from`
 * only from there, or the statement fails (`isSourceMoved`).
 */
export function advanceStatement(source: SourceIdentity, advance: SourceAdvance): Statement {
  const { readBytes, storedBytes, duplicateBytes, parkedBytes, storedLines, duplicateLines, parkedLines } = advance;
  const counts = [readBytes, storedBytes, duplicateBytes, parkedBytes, storedLines, duplicateLines, parkedLines];
  const values = [
    source.sourceId,
    source.kind,
    source.place,
    JSON.stringify(advance.position) ?? null,
    ...counts.map(String),
    advance.lastEventTime,
  ];
  if (advance.from === undefined) return { name: 'advance source', text: advanceText, values };
  return { name: 'advance source from', text: advanceFromText, values: [...values, JSON.stringify(advance.from)] };
}

const columns = `(source_id, kind, place, position, bytes_read, bytes_stored, bytes_duplicate, bytes_parked,
                               lines_stored, lines_duplicate, lines_parked, last_event_at)`;

const changes = `kind = excluded.kind, place = excluded.place, position = coalesce($4::jsonb, s.position),
       bytes_read = s.bytes_read + excluded.bytes_read,
       bytes_stored = s.bytes_stored + excluded.bytes_stored,
       bytes_duplicate = s.bytes_duplicate + excluded.bytes_duplicate,
       bytes_parked = s.bytes_parked + excluded.bytes_parked,
       lines_stored = s.lines_stored + excluded.lines_stored,
       lines_duplicate = s.lines_duplicate + excluded.lines_duplicate,
       lines_parked = s.lines_parked + excluded.lines_parked,
       last_event_at = greatest(s.last_event_at, excluded.last_event_at),
       updated_at = now()`;

const advanceText = `
insert into sources as s ${columns}
values ($1, $2, $3, coalesce($4::jsonb, '{}'), $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (source_id) do update set ${changes}`;

/** A source that stands nowhere has no row, or one without a position; one that must stand somewhere has a row. */
const advanceFromText = `
with moved as (
  insert into sources as s ${columns}
  select $1, $2, $3, coalesce($4::jsonb, '{}'), $5::bigint, $6::bigint, $7::bigint, $8::bigint, $9::bigint, $10::bigint,
         $11::bigint, $12::timestamptz
   where $13::jsonb = 'null' or exists (select from sources where source_id = $1)
  on conflict (source_id) do update set ${changes}
   where s.position = case when $13::jsonb = 'null' then '{}' else $13::jsonb end
  returning 1)
select require_source_moved((select count(*) from moved))`;

/** Where reading stands, or undefined for a source that was never read. */
export async function findPosition(pool: pg.Pool, sourceId: string): Promise<unknown> {
  const { rows } = await pool.query<{ position: unknown }>('select position from sources where source_id = $1', [
    sourceId,
  ]);
  return rows[0]?.position;
}

/** Moves the position of a source whose lines somebody else stored and counted. */
export async function keepPosition(database: Database, source: SourceIdentity, batch: LineBatch): Promise<void> {
  const statement = advanceStatement(source, {
    ...{ position: batch.position, from: batch.from },
    // What no line covers is in nobody's share.
    readBytes: batch.lines.length === 0 ? batch.readBytes : 0,
    ...{ storedBytes: 0, duplicateBytes: 0, parkedBytes: 0, storedLines: 0, duplicateLines: 0, parkedLines: 0 },
    lastEventTime: null,
  });
  await database.onOneConnection((client) => sendTogether(client, [statement]));
}
