import type { FoldedSession } from '@cerberusmesh/contract/campaign';
import { eventIdFloor } from '@cerberusmesh/contract/event-id';
import type { VisitVerdict } from '@cerberusmesh/contract/visit';

import type pg from 'pg';

/** A session that ended, as far as folding needs it. */
export interface UnfoldedSession extends FoldedSession {
  /** The honeypot's. */
  readonly sessionId: string;
  readonly events: number;
  /** False where it was folded before, with fewer events. */
  readonly isFirst: boolean;
  /** False where it only knocked: it did not get in and did not guess for long. */
  readonly didSomething: boolean;
  /** The gravest word of the providers that were asked about its address; null: nobody was. */
  readonly reputation: number | null;
}

/** More events of one session say nothing new about it; long texts are cut before they leave the database. */
export const eventsMax = 1_500;
const textCharactersMax = 16_384;

/** Sessions that ended before `quietSince` and were not folded with all of their events; those that began first come first. */
export async function findUnfolded(pool: pg.Pool, quietSince: Date, limit: number): Promise<UnfoldedSession[]> {
  const { rows } = await pool.query<UnfoldedSession>({
    name: 'find unfolded sessions',
    text: `select id, session_id as "sessionId", sensor, source_ip as "sourceIp", start_time as "startedAt",
                  last_event_time as "lastEventAt", event_count as events, folded_events is null as "isFirst", severity, threat_score as "threatScore", techniques,
                  command_count > 0 or successful_login or event_count >= 8 as "didSomething",
                  (select reputation from attackers where ip_address = source_ip) as reputation
             from sessions
            where needs_folding and last_event_time < $1
            order by start_time limit $2`,
    values: [quietSince, limit],
  });
  return rows;
}

/**
 * The events of these sessions as JSON texts, by row id and in order. Long ones without the fields that repeat others
 * (`message`) or are traffic (`data`): they are most of the bytes.
 */
export async function readSessionTexts(
  pool: pg.Pool,
  sessions: readonly UnfoldedSession[],
): Promise<Map<string, string[]>> {
  if (sessions.length === 0) return new Map();
  const { rows } = await pool.query<{ id: string; texts: string[] }>({
    name: 'read session texts',
    text: `select s.id, array(
             select case when length(e.raw_event::text) <= ${textCharactersMax} then e.raw_event::text else (
                      select json_object_agg(key, case when key = 'input' and length(e.command) > ${textCharactersMax}
                                                       then to_json(left(e.command, ${textCharactersMax})) else value end)::text
                        from json_each(e.raw_event) where key not in ('message', 'data')) end
               from events e
              where e.session_id = s.session_id and e.sensor = s.sensor and e.id >= s.low and e.id < s.high
              order by e.id limit ${eventsMax}) as texts
             from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[]) as s (id, session_id, sensor, low, high)`,
    values: [
      sessions.map(({ id }) => id),
      sessions.map(({ sessionId }) => sessionId),
      sessions.map(({ sensor }) => sensor),
      sessions.map(({ startedAt }) => eventIdFloor(startedAt.getTime())),
      sessions.map(({ lastEventAt }) => eventIdFloor(lastEventAt.getTime() + 1)),
    ],
  });
  return new Map(rows.map(({ id, texts }) => [id, texts]));
}

/**
 * Locks these sessions, marks them as folded and writes what is told of each. Gives those that are still as they were
 * read, that nobody holds and that no other process has folded meanwhile: the others are left for the next round.
 */
export async function markFolded(
  client: pg.PoolClient,
  sessions: readonly (UnfoldedSession & { readonly verdict: VisitVerdict | null })[],
): Promise<Set<string>> {
  const { rows } = await client.query<{ id: string }>({
    name: 'mark sessions folded',
    text: `with free as (
             select s.id, r.actor, r.actor_score, r.anomaly_score, r.novelty, r.anomaly_why, r.novelty_why
               from sessions s
               join unnest($1::uuid[], $2::int[], $3::text[], $4::real[], $5::real[], $6::real[], $7::text[], $8::text[])
                      as r (id, events, actor, actor_score, anomaly_score, novelty, anomaly_why, novelty_why)
                 on s.id = r.id and s.event_count = r.events and s.folded_events is distinct from s.event_count
                for update of s skip locked)
           update sessions s set folded_events = s.event_count, actor = free.actor, actor_score = free.actor_score,
                  anomaly_score = free.anomaly_score, novelty = free.novelty,
                  anomaly_why = free.anomaly_why, novelty_why = free.novelty_why
             from free where s.id = free.id returning s.id`,
    values: [
      sessions.map(({ id }) => id),
      sessions.map(({ events }) => events),
      sessions.map(({ verdict }) => verdict?.actor ?? null),
      sessions.map(({ verdict }) => verdict?.actorScore ?? null),
      sessions.map(({ verdict }) => verdict?.anomalyScore ?? null),
      sessions.map(({ verdict }) => verdict?.novelty ?? null),
      sessions.map(({ verdict }) => verdict?.anomalyWhy ?? null),
      sessions.map(({ verdict }) => verdict?.noveltyWhy ?? null),
    ],
  });
  return new Set(rows.map(({ id }) => id));
}
