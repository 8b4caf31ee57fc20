import { SessionState } from '@cerberusmesh/contract/assessment';
import { Decision } from '@cerberusmesh/contract/decision';
import { DecisionInputs } from '@cerberusmesh/contract/situation';
import { z } from 'zod';
import type { Database } from './database.ts';

/** A recorded state of a session; `recorded` is null for its last state, which is stored with the session. */
export interface StoredMoment {
  readonly at: Date;
  readonly inputs: DecisionInputs;
  readonly recorded: z.output<typeof Decided> | null;
}

/** What was done, as far as it makes a difference. */
const Decided = Decision.pick({
  ...{ decision: true, verdict: true, adaptations: true, parameters: true, also: true, alsoParameters: true },
  ...{ lifetimeSeconds: true, draws: true },
});

const pageRows = 500;

/**
 * What decisions of a period were made of, in the order of time, and how each session ended; at most `max`. Reads
 * decisions and sessions, never events, through a cursor, so that a week costs no memory. A session's end was known when its
 * last decision was made, or later: what was history then is history now.
 * @returns false where there was more.
 */
export async function readMoments(
  database: Database,
  period: { readonly from: Date; readonly to: Date },
  max: number,
  take: (moment: StoredMoment) => void,
): Promise<boolean> {
  return await database.transaction(async (client) => {
    await client.query('set transaction read only');
    await client.query(declareText, [period.from, period.to]);
    for (let read = 0; ; ) {
      const { rows } = await client.query(`fetch ${pageRows} from moments`);
      for (const row of rows) {
        if (read++ >= max) return false;
        const moment = toMoment(row);
        if (moment) take(moment);
      }
      if (rows.length < pageRows) return true;
    }
  });
}

const declareText = `
declare moments no scroll cursor for
select decided_at as at, event_id, id, inputs,
       plan || jsonb_build_object('decision', decision, 'verdict', verdict, 'adaptations', adaptations) as decided, null::jsonb as state, null::timestamptz as event_at
  from decisions where decided_at >= $1 and decided_at < $2 and inputs is not null
union all
select greatest(s.last_event_time, last.decided_at), last.event_id, s.id, last.inputs, null, s.state, s.last_event_time
  from sessions s
 cross join lateral (
       select d.inputs, d.event_id, d.decided_at from decisions d
        where d.session_id = s.session_id and d.sensor = s.sensor and d.inputs is not null
        order by d.decided_at desc limit 1) last
 where s.start_time >= $1 and s.start_time < $2 and not s.is_probe
 order by at, event_id, id`;

const Row = z.object({
  at: z.date(),
  inputs: DecisionInputs,
  decided: Decided.nullable(),
  state: SessionState.nullable(),
  event_at: z.date().nullable(),
});

/** Undefined where another version wrote what this one cannot read. */
function toMoment(row: unknown): StoredMoment | undefined {
  const parsed = Row.safeParse(row).data;
  if (!parsed) return undefined;
  const { at, inputs, decided, state, event_at } = parsed;
  if (decided !== null) return { at, inputs, recorded: decided };
  if (state === null || event_at === null) return undefined;
  const situation = { ...inputs.situation, session: state, eventEpochMs: event_at.getTime() };
  return { at, inputs: { ...inputs, situation }, recorded: null };
}
