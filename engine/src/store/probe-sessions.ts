import type { Statement } from './statement.ts';
import type { SessionDelta } from './summarize.ts';

/**
 * Our probe shows itself in its second line; its first may have been counted in an earlier batch. Marks those events
 * and takes them out of the statistics again. To be run before this batch's own events of the session are counted.
 */
export function takeBackStatements(sessions: Iterable<SessionDelta>): Statement[] {
  return [...sessions].flatMap(({ sessionId, sensor, probe }) =>
    probe ? { text: takeBack, values: [sessionId, sensor] } : [],
  );
}

const takeBack = `
with marked as (
  update events set is_probe = true where session_id = $1 and sensor = $2 and not is_probe
  returning date_trunc('hour', timestamp, 'UTC') as hour,
            (timestamp at time zone 'UTC')::date as day, event_type, severity, source_ip, techniques),
hours as (
  update rollup_hours r set events = r.events - m.events
    from (select hour, event_type, severity, count(*) as events from marked group by 1, 2, 3) m
   where r.sensor = $2 and r.hour = m.hour and r.event_type = m.event_type and r.severity = m.severity),
origins as (
  select marked.day, coalesce(a.country, '-' || a.network, '') as country, coalesce(a.asn, 0) as asn, count(*) as events
    from marked join attackers a on a.ip_address = marked.source_ip group by 1, 2, 3),
days as (
  update rollup_countries r set events = r.events - o.events
    from origins o where r.day = o.day and r.country = o.country and r.asn = o.asn),
months as (
  update rollup_country_months r set events = r.events - m.events
    from (select date_trunc('month', day)::date as month, country, asn, sum(events) as events from origins group by 1, 2, 3) m
   where r.month = m.month and r.country = m.country and r.asn = m.asn),
techniques as (
  update rollup_techniques r set events = r.events - m.events
    from (select technique, count(*) as events from marked, unnest(techniques) as technique group by 1) m
   where r.technique = m.technique)
update attackers a set total_events = a.total_events - m.events, total_sessions = a.total_sessions - 1
  from (select source_ip, count(*) as events from marked group by 1) m where a.ip_address = m.source_ip`;
