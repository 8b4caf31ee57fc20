import type { EffectRow } from '@cerberusmesh/contract/effect';
import type pg from 'pg';
import { z } from 'zod';
import type { Database } from './database.ts';

/** A session that ended, with what it was shown. */
interface EndedSession {
  readonly sourceIp: string | null;
  readonly endedAt: Date;
  readonly dwellSeconds: number;
  readonly commands: number;
  /** Kinds of adaptations that stood there, or were planted for this very session. */
  readonly shown: readonly string[];
  /** Those of which it used a lure, or read the lure that was used. */
  readonly touched: readonly string[];
}

const sessionsMax = 500;

/**
 * Counts how sessions that ended went, each once, into the rollup that the effect of adaptations is told from; one
 * transaction. @returns how many were counted; as many as `sessionsMax` where more may wait.
 */
export async function countEnded(database: Database, isControl: (address: string | null) => boolean): Promise<number> {
  return await database.transaction(async (client) => {
    const { rows: taken } = await client.query<{ id: string }>(
      `with next as (select id from ended_sessions limit ${sessionsMax} for update skip locked)
       delete from ended_sessions e using next where e.id = next.id returning e.id`,
    );
    if (taken.length === 0) return 0;
    const { rows } = await client.query(endedText, [taken.map(({ id }) => id)]);
    const sums = sumUp(rows.map(toEnded), isControl);
    await client.query(addText, [JSON.stringify(sums)]);
    return taken.length;
  });
}

/** Since a day; one row per kind and exposure. */
export async function readEffects(pool: Pick<pg.Pool, 'query'>, since: Date): Promise<EffectRow[]> {
  const { rows } = await pool.query<EffectRow>(
    `select action_type as kind, exposure, sum(sessions)::float8 as sessions,
            sum(touched_sessions)::float8 as "touchedSessions", sum(dwell_seconds) as "dwellSeconds",
            sum(dwell_log_sum) as "dwellLogSum", sum(dwell_log_squares) as "dwellLogSquares",
            sum(commands) as commands, sum(commands_log_sum) as "commandsLogSum",
            sum(commands_log_squares) as "commandsLogSquares"
       from adaptation_effects where day >= $1::date group by action_type, exposure`,
    [since],
  );
  return rows;
}

/** Lures that were used since, by kind of adaptation; also by others than who read them first. */
export async function countTouchedLures(
  pool: Pick<pg.Pool, 'query'>,
  since: Date,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ kind: string; touched: number }>(
    `select coalesce(l.trap, a.action_type) as kind, count(distinct l.id) as touched
       from touches t join lures l on l.id = t.lure_id left join adaptations a on a.id = l.adaptation_id
      where t.touched_at >= $1 group by 1`,
    [since],
  );
  return new Map(rows.filter(({ kind }) => kind !== null).map(({ kind, touched }) => [kind, touched]));
}

/**
 * What stands in a honeypot's world is shown to everybody who is there meanwhile; what is planted into a session, as
 * its lures say, to that session alone.
 */
const endedText = `
select s.source_ip, coalesce(s.end_time, s.last_event_time) as ended_at, s.command_count as commands,
       extract(epoch from coalesce(s.end_time, s.last_event_time) - s.start_time)::float8 as dwell_seconds,
       array(
         select distinct a.action_type from adaptations a
          where a.sensor = s.sensor and a.applied_at < coalesce(s.end_time, s.last_event_time)
            and coalesce(a.rolled_back_at, a.expires_at, 'infinity') > s.start_time
            and a.status in ('applied', 'verified', 'rolled_back')
            and not exists (select from lures l where l.adaptation_id = a.id and l.session_id is not null)
         union
         select distinct coalesce(l.trap, a.action_type) from lures l left join adaptations a on a.id = l.adaptation_id
          where l.sensor = s.sensor and l.session_id = s.session_id and l.planted_at is not null) as shown,
       array(
         select distinct coalesce(l.trap, a.action_type)
           from touches t join lures l on l.id = t.lure_id left join adaptations a on a.id = l.adaptation_id
          where t.session_id = s.session_id or l.first_read_session = s.session_id or l.session_id = s.session_id)
         as touched
  from sessions s where s.id = any($1::uuid[])`;

const addText = `
insert into adaptation_effects as e (day, action_type, exposure, sessions, touched_sessions, dwell_seconds,
                                     dwell_log_sum, dwell_log_squares, commands, commands_log_sum, commands_log_squares)
select r.day, r.kind, r.exposure, r.sessions, r."touchedSessions", r."dwellSeconds", r."dwellLogSum",
       r."dwellLogSquares", r.commands, r."commandsLogSum", r."commandsLogSquares"
  from jsonb_to_recordset($1::jsonb) as r (
       day date, kind text, exposure text, sessions bigint, "touchedSessions" bigint, "dwellSeconds" float8,
       "dwellLogSum" float8, "dwellLogSquares" float8, commands float8, "commandsLogSum" float8,
       "commandsLogSquares" float8)
 order by r.day, r.kind, r.exposure
on conflict (day, action_type, exposure) do update set
  sessions = e.sessions + excluded.sessions,
  touched_sessions = e.touched_sessions + excluded.touched_sessions,
  dwell_seconds = e.dwell_seconds + excluded.dwell_seconds,
  dwell_log_sum = e.dwell_log_sum + excluded.dwell_log_sum,
  dwell_log_squares = e.dwell_log_squares + excluded.dwell_log_squares,
  commands = e.commands + excluded.commands,
  commands_log_sum = e.commands_log_sum + excluded.commands_log_sum,
  commands_log_squares = e.commands_log_squares + excluded.commands_log_squares`;

const Row = z.object({
  source_ip: z.string().nullable(),
  ended_at: z.date(),
  dwell_seconds: z.number(),
  commands: z.number(),
  shown: z.array(z.string().nullable()),
  touched: z.array(z.string().nullable()),
});

function toEnded(row: unknown): EndedSession {
  const { source_ip, ended_at, dwell_seconds, commands, shown, touched } = Row.parse(row);
  return {
    sourceIp: source_ip,
    endedAt: ended_at,
    dwellSeconds: Math.max(0, dwell_seconds),
    commands,
    shown: shown.filter((kind) => kind !== null),
    touched: touched.filter((kind) => kind !== null),
  };
}

function sumUp(sessions: readonly EndedSession[], isControl: (address: string | null) => boolean): object[] {
  const sums = new Map<string, EffectRow & { readonly day: string }>();
  for (const session of sessions) {
    const { shown, touched, dwellSeconds, commands } = session;
    const control = isControl(session.sourceIp);
    const day = session.endedAt.toISOString().slice(0, 10);
    const exposure = shown.length === 0 ? (control ? 'control' : 'bystander') : control ? 'mixed' : 'shown';
    for (const kind of shown.length === 0 ? [''] : shown) {
      const key = `${day} ${kind} ${exposure}`;
      const sum = sums.get(key) ?? { day, kind, exposure, ...zero };
      const dwellLog = Math.log1p(dwellSeconds);
      const commandsLog = Math.log1p(commands);
      sums.set(key, {
        ...sum,
        sessions: sum.sessions + 1,
        touchedSessions: sum.touchedSessions + (touched.includes(kind) ? 1 : 0),
        dwellSeconds: sum.dwellSeconds + dwellSeconds,
        dwellLogSum: sum.dwellLogSum + dwellLog,
        dwellLogSquares: sum.dwellLogSquares + dwellLog ** 2,
        commands: sum.commands + commands,
        commandsLogSum: sum.commandsLogSum + commandsLog,
        commandsLogSquares: sum.commandsLogSquares + commandsLog ** 2,
      });
    }
  }
  return [...sums.values()];
}

const zero = {
  sessions: 0,
  touchedSessions: 0,
  dwellSeconds: 0,
  dwellLogSum: 0,
  dwellLogSquares: 0,
  commands: 0,
  commandsLogSum: 0,
  commandsLogSquares: 0,
};
