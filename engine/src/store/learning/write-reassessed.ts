import { sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import { graver, type StoredSeverity } from '@cerberusmesh/contract/severity';
import type pg from 'pg';
import { textColumn, timestampColumn, uuidColumn } from '../array-parameters.ts';
import { explanationOf } from '../events.ts';
import { uuidOf } from '../summarize.ts';
import type { Reassessed } from './stored-events.ts';

/**
 * Puts new assessments in the place of old ones, and everything that was counted from them right: sessions, attackers and
 * rollups are afterwards as if the events had been stored so in the first place. In the caller's transaction; rows are
 * taken in order of their keys, as everywhere, so that writers never wait for each other in a ring.
 * @returns how many events have another severity now.
 */
export async function writeReassessed(client: pg.PoolClient, events: readonly Reassessed[]): Promise<number> {
  if (events.length === 0) return 0;
  await moveTechniques(client, events);
  await updateEvents(client, events);
  await recountSessions(client, events);
  const counted = events.filter(({ event }) => !event.probe);
  await updateAttackers(client, counted);
  await moveHours(client, counted);
  await updateCommands(client, counted);
  return events.filter(({ event, assessment }) => event.severity !== assessment.severity).length;
}

/** Before `updateEvents`: what was counted is still in the events. */
async function moveTechniques(client: pg.PoolClient, events: readonly Reassessed[]): Promise<void> {
  const counted = events.filter(({ event }) => !event.probe);
  const found = counted.flatMap(({ event, assessment }) =>
    assessment.techniques.map(({ id }) => ({ id, timestamp: event.timestamp })),
  );
  await client.query({
    name: 'move techniques',
    text: `
      with moved as (
        select technique, -1 as by, timestamp from events e, unnest(e.techniques) as technique where e.id = any($1::uuid[])
        union all select technique, 1, timestamp from unnest($2::text[], $3::timestamptz[]) as n (technique, timestamp))
      insert into rollup_techniques as r (technique, events, first_seen, last_seen)
      select technique, sum(by), min(timestamp), max(timestamp) from moved group by technique order by technique
      on conflict (technique) do update set
        events = r.events + excluded.events,
        first_seen = least(r.first_seen, excluded.first_seen),
        last_seen = greatest(r.last_seen, excluded.last_seen)`,
    values: [
      uuidColumn(counted, ({ event }) => event.id),
      textColumn(found, ({ id }) => id),
      timestampColumn(found, ({ timestamp }) => timestamp),
    ],
  });
}

async function updateEvents(client: pg.PoolClient, events: readonly Reassessed[]): Promise<void> {
  const ids = events.map(({ event }) => event.id).sort();
  const column = <T>(pick: (assessment: Reassessed['assessment']) => T) => events.map((one) => pick(one.assessment));
  await client.query({
    name: 'update assessments',
    text: `update events e set severity = n.severity, threat_score = n.threat_score, anomaly_score = n.anomaly_score,
             attack_type = n.attack_type, confidence = n.confidence, techniques = string_to_array(n.techniques, ','),
             why = n.why, assessment = n.assessment, is_analyzed = true
        from unnest($1::uuid[], $2::text[], $3::real[], $4::real[], $5::text[], $6::real[], $7::text[], $8::text[], $9::jsonb[])
          as n (id, severity, threat_score, anomaly_score, attack_type, confidence, techniques, why, assessment)
       where e.id = n.id and e.id between $10 and $11`,
    values: [
      events.map(({ event }) => event.id),
      column(({ severity }) => severity),
      column(({ threatScore }) => threatScore),
      column(({ anomalyScore }) => anomalyScore),
      column(({ attackType }) => attackType),
      column(({ confidence }) => confidence),
      column(({ techniques }) => techniques.map(({ id }) => id).join(',')),
      column(({ why }) => why),
      column(explanationOf),
      ids[0],
      ids.at(-1),
    ],
  });
}

/** Severity, threat score and techniques of sessions from their events; what counts events was right before. */
async function recountSessions(client: pg.PoolClient, events: readonly Reassessed[]): Promise<void> {
  const oddestLogins = new Map<string, number | null>();
  for (const { event, oddestLogin } of events) {
    const key = sessionKeyOf(event);
    if (key !== undefined) oddestLogins.set(key, oddestLogin ?? oddestLogins.get(key) ?? null);
  }
  const rows = [...oddestLogins].map(([key, oddestLogin]) => ({ id: uuidOf(key), oddestLogin }));
  rows.sort((a, b) => (a.id < b.id ? -1 : 1));
  if (rows.length === 0) return;
  const ids = rows.map(({ id }) => id);
  await client.query({
    name: 'lock sessions',
    text: 'select from sessions where id = any($1) order by id for update',
    values: [ids],
  });
  const { rows: moved } = await client.query<{ id: string }>({
    name: 'recount sessions',
    text: recountText,
    values: [ids, rows.map(({ oddestLogin }) => oddestLogin)],
  });
  if (moved.length > 0) await recountCampaigns(client, moved);
}

/** Severity and threat score of the campaigns of these sessions, from all of their members that are still stored. */
async function recountCampaigns(client: pg.PoolClient, sessions: readonly { readonly id: string }[]): Promise<void> {
  const ids = sessions.map(({ id }) => id);
  const { rows } = await client.query<{ id: string }>({
    name: 'lock campaigns of sessions',
    text: `select id from campaigns where id in (select campaign_id from campaign_members where session_id = any($1::uuid[]))
            order by id for update`,
    values: [ids],
  });
  if (rows.length === 0) return;
  await client.query({
    name: 'recount campaigns',
    text: `
      with told as (
        select m.campaign_id, count(*) = count(s.id) as is_whole, coalesce(max(s.threat_score), 0) as threat_score,
               max(case s.severity when 'HIGH' then 3 when 'MEDIUM' then 2 else 1 end) as rank
          from campaign_members m left join sessions s on s.id = m.session_id
         where m.campaign_id = any($1::uuid[]) group by m.campaign_id)
      update campaigns c set
             -- A member that is no longer stored may have been the gravest: then it only grows.
             severity = ('{LOW,MEDIUM,HIGH}'::text[])[case when is_whole then rank
               else greatest(rank, array_position('{LOW,MEDIUM,HIGH}', c.severity)) end],
             threat_score = case when is_whole then told.threat_score else greatest(told.threat_score, c.threat_score) end
        from told where c.id = told.campaign_id`,
    values: [rows.map(({ id }) => id)],
  });
}

const recountText = `
with told as (
  select s.id, max(case e.severity when 'HIGH' then 2 when 'MEDIUM' then 1 else 0 end) as rank,
         coalesce(max(e.threat_score), 0) as threat_score
    from sessions s join events e on e.session_id = s.session_id and e.sensor = s.sensor
   where s.id = any($1) group by s.id),
first_seen as (
  select s.id, t.technique, min((e.id::text || to_char(t.place, '0000')) collate "C") as first_seen
    from sessions s join events e on e.session_id = s.session_id and e.sensor = s.sensor,
         unnest(e.techniques) with ordinality as t (technique, place)
   where s.id = any($1) group by s.id, t.technique),
-- As many as the state of a session holds (contract: SessionState).
techniques as (
  select id, (array_agg(technique order by first_seen collate "C"))[1:32] as techniques from first_seen group by id),
recounted as (
  select told.id, (array['LOW', 'MEDIUM', 'HIGH'])[rank + 1] as severity, threat_score,
         coalesce(techniques, '{}') as techniques
    from told left join techniques using (id)),
before as (select id, severity, threat_score from sessions where id = any($1)),
after as (
update sessions s set severity = r.severity, threat_score = r.threat_score, techniques = r.techniques,
       state = s.state || jsonb_build_object('severity', r.severity, 'threatScore', r.threat_score::numeric,
                                             'techniques', to_jsonb(r.techniques))
                         || jsonb_strip_nulls(jsonb_build_object('oddestLogin', o.oddest_login))
  from recounted r join unnest($1::uuid[], $2::float8[]) as o (id, oddest_login) using (id) where s.id = r.id
returning s.id, s.severity, s.threat_score)
select id from after join before using (id)
 where (after.severity, after.threat_score) is distinct from (before.severity, before.threat_score)`;

async function updateAttackers(client: pg.PoolClient, events: readonly Reassessed[]): Promise<void> {
  const attackers = new Map<string, { highs: number; threatScore: number }>();
  for (const { event, assessment } of events) {
    if (event.sourceIp === null) continue;
    const known = attackers.get(event.sourceIp) ?? { highs: 0, threatScore: 0 };
    known.highs += Number(assessment.severity === 'HIGH') - Number(event.severity === 'HIGH');
    known.threatScore = Math.max(known.threatScore, assessment.threatScore);
    attackers.set(event.sourceIp, known);
  }
  const rows = [...attackers].sort(([a], [b]) => (a < b ? -1 : 1));
  await client.query({
    name: 'update attackers',
    text: `with n as (select * from unnest($1::text[], $2::bigint[], $3::real[]) as n (ip_address, highs, threat_score)),
           locked as (select a.id from attackers a join n using (ip_address) order by a.ip_address for update of a)
           update attackers a set high_severity_count = a.high_severity_count + n.highs,
                  threat_score = greatest(a.threat_score, n.threat_score)
             from n where a.ip_address = n.ip_address and a.id in (select id from locked)`,
    values: [rows.map(([ip]) => ip), rows.map(([, row]) => row.highs), rows.map(([, row]) => row.threatScore)],
  });
}

async function moveHours(client: pg.PoolClient, events: readonly Reassessed[]): Promise<void> {
  const hours = new Map<
    string,
    { hour: string; sensor: string; eventType: string; severity: StoredSeverity; by: number }
  >();
  const move = ({ timestamp, sensor, eventType }: Reassessed['event'], severity: StoredSeverity, by: number) => {
    const hour = `${timestamp.slice(0, 13)}:00:00Z`;
    const key = `${hour}\0${sensor}\0${eventType}\0${severity}`;
    const known = hours.get(key) ?? { hour, sensor, eventType, severity, by: 0 };
    known.by += by;
    hours.set(key, known);
  };
  for (const { event, assessment } of events) {
    if (event.severity === assessment.severity) continue;
    move(event, event.severity, -1);
    move(event, assessment.severity, 1);
  }
  const rows = [...hours].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  if (rows.length === 0) return;
  const keys = [
    rows.map((row) => row.hour),
    rows.map((row) => row.sensor),
    rows.map((row) => row.eventType),
    rows.map((row) => row.severity),
  ];
  await client.query({
    name: 'move hours',
    text: `insert into rollup_hours as r (hour, sensor, event_type, severity, events)
           select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::bigint[])
           on conflict (hour, sensor, event_type, severity) do update set events = r.events + excluded.events`,
    values: [...keys, rows.map((row) => row.by)],
  });
  await client.query({
    name: 'drop empty hours',
    text: `delete from rollup_hours r using unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[]) as k (hour, sensor, event_type, severity)
            where r.hour = k.hour and r.sensor = k.sensor and r.event_type = k.event_type and r.severity = k.severity and r.events = 0`,
    values: keys,
  });
}

async function updateCommands(client: pg.PoolClient, events: readonly Reassessed[]): Promise<void> {
  const commands = new Map<string, StoredSeverity>();
  for (const { typed, assessment } of events) {
    if (typed !== null) commands.set(typed, graver(commands.get(typed) ?? 'UNKNOWN', assessment.severity));
  }
  const rows = [...commands].map(([text, severity]) => ({ hash: uuidOf(text), severity }));
  rows.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  if (rows.length === 0) return;
  await client.query({
    name: 'update commands',
    text: `update rollup_commands r set severity = n.severity
             from unnest($1::uuid[], $2::text[]) as n (command_hash, severity) where r.command_hash = n.command_hash`,
    values: [rows.map((row) => row.hash), rows.map((row) => row.severity)],
  });
}
