import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import type pg from 'pg';
import { textColumn, timestampColumn, uuidColumn } from './array-parameters.ts';
import type { Statement } from './statement.ts';

/**
 * Stores which lures a batch used, and which it was the first to read. Seldom anything, so a batch without pays nothing.
 * An attacker's count grows by the touches that are new: the same line read again counts once.
 */
export function touchesStatements(lines: readonly AssessedLine[]): Statement[] {
  const tripped = lines.filter((line) => line.touches !== undefined || line.lureReads !== undefined);
  if (tripped.length === 0) return [];
  const touches = tripped.flatMap(({ event, touches: found = [] }) =>
    found.map(({ lure, place }) => ({ event, lure, place })),
  );
  const reads = tripped.flatMap(({ event, lureReads = [] }) => lureReads.map((lure) => ({ event, lure })));
  const used = {
    text: insertText,
    values: [
      uuidColumn(touches, ({ lure }) => lure.id),
      uuidColumn(touches, ({ event }) => event.id),
      timestampColumn(touches, ({ event }) => event.timestamp),
      textColumn(touches, ({ place }) => place),
      textColumn(touches, ({ event }) => event.sensor),
      textColumn(touches, ({ event }) => event.sessionId),
      textColumn(touches, ({ event }) => event.sourceIp),
    ],
  };
  return [
    ...(touches.length > 0 ? [used] : []),
    ...reads.map(({ event, lure }) => ({
      text: readText,
      values: [lure.id, event.timestamp, event.sessionId, event.sourceIp],
    })),
  ];
}

const insertText = `
with made as (
  insert into touches (lure_id, event_id, touched_at, place, sensor, session_id, source_ip)
  select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::text[])
  on conflict (lure_id, event_id) do nothing
  returning source_ip)
update attackers set touches = touches + made.count
  from (select source_ip, count(*) from made where source_ip is not null group by source_ip order by source_ip) made
 where ip_address = made.source_ip`;

const readText = `
update lures set first_read_at = $2, first_read_session = $3, first_read_ip = $4
 where id = $1 and first_read_at is null and planted_at <= $2`;

/** For the start: addresses that have touched something. */
export async function findTouchCounts(pool: pg.Pool): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ ip_address: string; touches: string }>(
    'select ip_address, touches from attackers where touches > 0 order by last_seen desc limit 100000',
  );
  return new Map(rows.map((row) => [row.ip_address, Number(row.touches)]));
}
