import { AttackerQuery } from '@cerberusmesh/contract/api-attackers';
import { AdaptationQuery, DecisionQuery } from '@cerberusmesh/contract/api-decisions';
import { EventQuery } from '@cerberusmesh/contract/api-events';
import { SessionQuery } from '@cerberusmesh/contract/api-sessions';
import { TrendQuery } from '@cerberusmesh/contract/api-stats';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { smallestEventId } from './event-columns.ts';
import { createQueries, type Queries } from './queries.ts';
import { createReader, type Reader } from './reader.ts';

const eventsMade = 200_000;
const now = new Date('2026-11-22T12:00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await fill(database.pool);
  // Some 15 s alone; the suite shares its cores.
}, 180_000);
afterAll(async () => await database.drop());

const cases: readonly { readonly name: string; readonly ask: (queries: Queries) => Promise<unknown> }[] = [
  { name: 'the newest events', ask: (queries) => queries.listEvents(events({}), now) },
  {
    name: 'events of a severity that is rare',
    ask: (queries) => queries.listEvents(events({ severity: 'HIGH' }), now),
  },
  { name: 'events of a type that is rare', ask: (queries) => queries.listEvents(events({ type: 'cowrie.rare' }), now) },
  {
    name: 'events of a type that is common',
    ask: (queries) => queries.listEvents(events({ type: 'cowrie.command.input' }), now),
  },
  { name: 'events of a type that never was', ask: (queries) => queries.listEvents(events({ type: 'x' }), now) },
  {
    name: 'events of two severities',
    ask: (queries) => queries.listEvents(events({ severity: 'MEDIUM,UNKNOWN' }), now),
  },
  { name: 'events of an address', ask: (queries) => queries.listEvents(events({ source_ip: '192.0.2.7' }), now) },
  {
    name: 'events of an address that never came',
    ask: (queries) => queries.listEvents(events({ source_ip: 'x' }), now),
  },
  { name: 'events of a session', ask: (queries) => queries.listEvents(events({ session_id: 's77' }), now) },
  {
    name: 'events of an hour long ago',
    ask: (queries) => queries.listEvents(events({ from: '2026-11-12T10:00:00Z', to: '2026-11-12T10:20:00Z' }), now),
  },
  { name: 'the newest sessions', ask: (queries) => queries.listSessions(SessionQuery.parse({}), now) },
  {
    name: 'sessions of an address',
    ask: (queries) => queries.listSessions(SessionQuery.parse({ source_ip: '192.0.2.7' }), now),
  },
  {
    name: 'sessions of a severity that none has',
    ask: (queries) => queries.listSessions(SessionQuery.parse({ severity: 'UNKNOWN' }), now),
  },
  { name: 'one session', ask: (queries) => queries.findSession('s77', { limit: 100 }) },
  ...(['threat', 'events', 'recent'] as const).map((sort) => ({
    name: `attackers by ${sort}`,
    ask: (queries: Queries) => queries.listAttackers(AttackerQuery.parse({ sort }), now),
  })),
  { name: 'decisions', ask: (queries) => queries.listDecisions(DecisionQuery.parse({})) },
  { name: 'adaptations', ask: (queries) => queries.listAdaptations(AdaptationQuery.parse({})) },
  { name: 'commands', ask: (queries) => queries.listCommands({ limit: 100 }) },
  { name: 'credentials', ask: (queries) => queries.listCredentials({ limit: 100 }) },
  { name: 'one event', ask: (queries) => queries.findEvent('01a1f35f-f000-7000-8000-000000000000') },
  { name: 'a day of trends', ask: (queries) => queries.readSeverityTrends(TrendQuery.parse({}), now) },
];

/** In blocks of 8 KiB; all events take about 6,000. */
const blocksMax = 700;

describe(`with ${eventsMade.toLocaleString('en')} events in partitions, every list finds its rows by an index`, () => {
  it.each(cases)('$name', async ({ ask }) => {
    const plans = await explainAll(ask);
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) {
      // `events_default` holds what no partition takes; it is empty here, and an empty table has no use for an index.
      expect(plan.text).not.toMatch(
        /Seq Scan on (events(?!_default)|sessions|attackers|rollup_commands|rollup_credentials)/,
      );
      expect(plan.blocks, plan.text).toBeLessThan(blocksMax);
    }
  });

  it('a page far down costs what the first one costs', async () => {
    const first = await createQueries(createReader(database.pool)).listEvents(events({ limit: 1000 }), now);
    const cursor = first.next_cursor ?? '';
    const [near] = await explainAll((queries) => queries.listEvents(events({ cursor }), now));
    let deep = cursor;
    for (let page = 0; page < 20; page++) {
      const next = await createQueries(createReader(database.pool)).listEvents(
        events({ limit: 1000, cursor: deep }),
        now,
      );
      deep = next.next_cursor ?? '';
    }
    const [far] = await explainAll((queries) => queries.listEvents(events({ cursor: deep }), now));
    expect(far?.blocks ?? Infinity).toBeLessThanOrEqual((near?.blocks ?? 0) * 2 + 20);
  });

  it('totals never look at events', async () => {
    for (const { text } of await explainAll((queries) => queries.readStats(now)))
      expect(text).not.toMatch(/ on events/);
  });
});

function events(query: Readonly<Record<string, unknown>>): EventQuery {
  return EventQuery.parse(query);
}

/** The plans, as they were run, of all statements that `ask` sends. */
async function explainAll(ask: (queries: Queries) => Promise<unknown>) {
  const plans: { readonly text: string; readonly blocks: number }[] = [];
  const reader = createReader(database.pool);
  const explaining: Reader = {
    async rows(statement, values) {
      const lines = await reader.rows<{ 'QUERY PLAN': string }>(
        `explain (analyze, buffers, costs off) ${statement}`,
        values,
      );
      const text = lines.map((line) => line['QUERY PLAN']).join('\n');
      // The first line of buffers is that of the whole plan; planning has its own, below.
      const buffers = /Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/.exec(text);
      plans.push({ text, blocks: Number(buffers?.[1] ?? 0) + Number(buffers?.[2] ?? 0) });
      return await reader.rows(statement, values);
    },
  };
  await ask(createQueries(explaining));
  return plans;
}

/** Twelve days in daily partitions: 200 addresses, 5,000 sessions of 200 seconds, one HIGH in 500; and sessions without events. */
async function fill(pool: pg.Pool): Promise<void> {
  for (let day = 11; day < 23; day++) {
    const bound = (date: number) => smallestEventId(Date.UTC(2026, 10, date));
    await pool.query(
      `create table events_day_${day} partition of events for values from ('${bound(day)}') to ('${bound(day + 1)}')`,
    );
  }
  await pool.query(
    `insert into events (id, event_type, timestamp, sensor, session_id, protocol, source_ip, source_port, command, severity,
                         techniques, is_analyzed, is_probe, raw_event)
     select overlay(overlay(lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' ||
              substr(md5(n::text), 1, 19) placing '8' from 17) placing '-' from 9 for 0)::uuid,
            case when n % 40000 = 1 then 'cowrie.rare' else 'cowrie.command.input' end, at, 'sensor-a', 's' || n / 40, 'ssh', '192.0.2.' || n / 40 % 200, 1, 'uname -a',
            case when n % 500 = 0 then 'HIGH' else 'LOW' end, '{}', true, false, '{}'
       from (select n, timestamptz '2026-11-11 00:00Z' + n * interval '5 seconds' as at
               from generate_series(1, ${eventsMade}) n) made`,
  );
  await pool.query(
    `insert into sessions (id, session_id, sensor, source_ip, start_time, last_event_time, state)
     select gen_random_uuid(), session_id, sensor, source_ip, min(timestamp), max(timestamp), '{}'::jsonb from events group by 2, 3, 4
     union all
     select gen_random_uuid(), 'x' || n, 'sensor-a', '198.51.100.' || n % 200, timestamptz '2026-11-11 00:00Z' + n * interval '1 minute',
            timestamptz '2026-11-11 00:00Z' + n * interval '2 minutes', '{}'::jsonb from generate_series(0, 15000) n`,
  );
  await pool.query(
    `insert into attackers (ip_address, threat_score, total_events, first_seen, last_seen)
     select '10.' || n, n % 100 / 100.0, n, now(), timestamptz '2026-11-11 00:00Z' + n * interval '1 minute'
       from generate_series(1, 20000) n`,
  );
  await pool.query(
    `insert into rollup_commands select gen_random_uuid(), 'command ' || n, 'LOW', n, now(), now() from generate_series(1, 20000) n`,
  );
  await pool.query(
    `insert into rollup_credentials select gen_random_uuid(), 'name ' || n, 'x', n, 0, now() from generate_series(1, 20000) n`,
  );
  await pool.query(
    `insert into rollup_hours select timestamptz '2026-11-11 00:00Z' + h * interval '1 hour', 'sensor-a', 'type ' || t, 'LOW', 5
       from generate_series(0, 24 * 11) h, generate_series(1, 30) t`,
  );
  await pool.query(
    `insert into rollup_hours select date_trunc('hour', timestamp), sensor, event_type, severity, count(*)
       from events group by 1, 2, 3, 4`,
  );
  await pool.query('analyze');
}
