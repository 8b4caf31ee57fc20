import type { ReassessmentRecord } from '@cerberusmesh/contract/models';
import type pg from 'pg';
import { isOfVisit, visitsOf } from '../address-visits.ts';
import { isoTime } from '../iso-time.ts';

export interface OpenReassessment {
  readonly id: string;
  readonly cause: 'unanalyzed' | 'asked';
  readonly fromId: string;
  readonly toId: string;
  readonly cursorId: string | null;
  readonly cursorAddress: string | null;
}

/** Notes a walk over the events of these ids, both included. @returns its id */
export async function startReassessment(
  connection: Pick<pg.Pool, 'query'>,
  started: {
    readonly cause: 'unanalyzed' | 'asked';
    readonly fromId: string;
    readonly toId: string;
    readonly by: string;
  },
): Promise<string> {
  const { rows } = await connection.query<{ id: string }>(
    'insert into reassessments (cause, from_id, to_id, started_by) values ($1, $2, $3, $4) returning id',
    [started.cause, started.fromId, started.toId, started.by],
  );
  return rows[0]?.id ?? '';
}

/** The one that was asked for first and has not ended. */
export async function findOpenReassessment(pool: pg.Pool): Promise<OpenReassessment | undefined> {
  const { rows } = await pool.query<OpenReassessment>(
    `select id, cause, from_id as "fromId", to_id as "toId", cursor_id as "cursorId", cursor_address as "cursorAddress"
       from reassessments where ended_at is null order by started_at, id limit 1`,
  );
  return rows[0];
}

/** In the transaction that writes what the cursor covers. */
export async function moveCursor(
  client: pg.PoolClient,
  id: string,
  { cursorId, events, changed }: { readonly cursorId: string; readonly events: number; readonly changed: number },
): Promise<void> {
  await client.query(
    'update reassessments set cursor_id = $2, events = events + $3, changed = changed + $4 where id = $1',
    [id, cursorId, events, changed],
  );
}

/** The walk is over; what its cursor passed stays assessed. */
export async function endReassessment(pool: pg.Pool, id: string): Promise<void> {
  await pool.query('update reassessments set ended_at = now() where id = $1', [id]);
}

const attackersPerRound = 200;

/**
 * Takes the next addresses that were seen in the period and counts their threat score again from their events, since a
 * score that became lower cannot be told from the new ones alone. @returns false where none was left.
 */
export async function recountAttackers(client: pg.PoolClient, { id, fromId, cursorAddress }: OpenReassessment) {
  const { rows } = await client.query<{ last: string | null }>(
    `with next as (
       select ip_address from attackers
        where last_seen >= to_timestamp(('x' || replace(left($2::text, 13), '-', ''))::bit(48)::bigint / 1000.0)
          and ($3::text is null or ip_address > $3) order by ip_address limit ${attackersPerRound}),
     counted as (
       select n.ip_address, coalesce(max(e.threat_score), 0) as threat_score
         from next n left join lateral (
           select e.threat_score from (${visitsOf('n.ip_address')}) visit cross join lateral (
             select threat_score from events where source_ip = n.ip_address and not is_probe and ${isOfVisit}) e
           union all
           select threat_score from events
            where source_ip = n.ip_address and session_id is null and not is_probe) e on true group by n.ip_address),
     updated as (
       update attackers a set threat_score = c.threat_score from counted c where a.ip_address = c.ip_address),
     moved as (
       update reassessments set cursor_address = (select max(ip_address) from next)
        where id = $1 and exists (select from next))
     select max(ip_address) as last from next`,
    [id, fromId, cursorAddress],
  );
  return rows[0]?.last ?? null;
}

/** The latest ones, newest first. */
export async function listReassessments(pool: Pick<pg.Pool, 'query'>, limit: number): Promise<ReassessmentRecord[]> {
  const { rows } = await pool.query<Omit<ReassessmentRecord, 'from' | 'to'> & { from_id: string; to_id: string }>(
    `select id, cause, case when ended_at is null then 'running' else 'done' end as state, from_id, to_id,
            ${isoTime('started_at')} as started_at, started_by, ${isoTime('ended_at')} as ended_at, events, changed
       from reassessments order by started_at desc, id limit $1`,
    [limit],
  );
  return rows.map(({ from_id, to_id, ...row }) => ({ ...row, from: momentOf(from_id), to: momentOf(to_id) }));
}

/** Null for the ends of the world, which are ids too. */
function momentOf(id: string): string | null {
  const epochMs = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
  return epochMs === 0 || epochMs > 8.64e15 - 1 || id.startsWith('ffffffff') ? null : new Date(epochMs).toISOString();
}
