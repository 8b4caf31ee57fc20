import { bigintColumn, textColumn, timestampColumn, uuidColumn } from './array-parameters.ts';
import { type OriginDelta, type OriginSummary, placeName } from './origins.ts';
import type { Statement } from './statement.ts';
import { type BatchSummary, uuidOf } from './summarize.ts';

/**
 * Adds a batch's share to the rollups: one statement, because a live batch is small and its round trips are what it
 * costs. Rows in order of their keys, so that writers do not wait for each other in a ring.
 */
export function rollupsStatement(summary: BatchSummary, origins?: OriginSummary): Statement | undefined {
  if (summary.hours.size === 0) return undefined;
  const countries = inKeyOrder(origins?.counts ?? new Map<string, OriginDelta>());
  const hours = inKeyOrder(summary.hours);
  const commands = byHash(summary.commands);
  const credentials = byHash(summary.credentials);
  const techniques = inKeyOrder(summary.techniques);
  return {
    name: 'add to rollups',
    text: addText,
    values: [
      timestampColumn(hours, ([, delta]) => delta.hour),
      textColumn(hours, ([, delta]) => delta.sensor),
      textColumn(hours, ([, delta]) => delta.eventType),
      textColumn(hours, ([, delta]) => delta.severity),
      bigintColumn(hours, ([, delta]) => delta.events),
      uuidColumn(commands, ([hash]) => hash),
      textColumn(commands, ([, delta]) => delta.command),
      textColumn(commands, ([, delta]) => delta.severity),
      bigintColumn(commands, ([, delta]) => delta.events),
      timestampColumn(commands, ([, delta]) => delta.firstTime),
      timestampColumn(commands, ([, delta]) => delta.lastTime),
      uuidColumn(credentials, ([hash]) => hash),
      textColumn(credentials, ([, delta]) => delta.username),
      textColumn(credentials, ([, delta]) => delta.password),
      bigintColumn(credentials, ([, delta]) => delta.attempts),
      bigintColumn(credentials, ([, delta]) => delta.successes),
      timestampColumn(credentials, ([, delta]) => delta.lastTime),
      textColumn(techniques, ([technique]) => technique),
      bigintColumn(techniques, ([, delta]) => delta.events),
      timestampColumn(techniques, ([, delta]) => delta.firstTime),
      timestampColumn(techniques, ([, delta]) => delta.lastTime),
      textColumn(countries, ([, { day }]) => day),
      textColumn(countries, ([, { origin }]) => placeName(origin)),
      bigintColumn(countries, ([, { origin }]) => origin.asn ?? 0),
      textColumn(countries, ([, { origin }]) => origin.asName ?? ''),
      bigintColumn(countries, ([, { events }]) => events),
    ],
  };
}

const addText = `
with hours as (
  insert into rollup_hours as r (hour, sensor, event_type, severity, events)
  select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::bigint[])
  on conflict (hour, sensor, event_type, severity) do update set events = r.events + excluded.events),
commands as (
  insert into rollup_commands as r (command_hash, command, severity, events, first_seen, last_seen)
  select * from unnest($6::uuid[], $7::text[], $8::text[], $9::bigint[], $10::timestamptz[], $11::timestamptz[])
  on conflict (command_hash) do update set
    severity = excluded.severity,
    events = r.events + excluded.events,
    first_seen = least(r.first_seen, excluded.first_seen),
    last_seen = greatest(r.last_seen, excluded.last_seen)),
techniques as (
  insert into rollup_techniques as r (technique, events, first_seen, last_seen)
  select * from unnest($18::text[], $19::bigint[], $20::timestamptz[], $21::timestamptz[])
  on conflict (technique) do update set
    events = r.events + excluded.events,
    first_seen = least(r.first_seen, excluded.first_seen),
    last_seen = greatest(r.last_seen, excluded.last_seen)),
origins as (
  select day::date, country, asn, as_name, events
    from unnest($22::text[], $23::text[], $24::bigint[], $25::text[], $26::bigint[]) as d (day, country, asn, as_name, events)),
country_months as (
  insert into rollup_country_months as r (month, country, asn, as_name, events)
  select date_trunc('month', day)::date, country, asn, max(as_name), sum(events) from origins group by 1, 2, 3 order by 1, 2, 3
  on conflict (month, country, asn) do update set events = r.events + excluded.events, as_name = excluded.as_name),
countries as (
  insert into rollup_countries as r (day, country, asn, as_name, events)
  select day, country, asn, as_name, events from origins
  on conflict (day, country, asn) do update set events = r.events + excluded.events, as_name = excluded.as_name)
insert into rollup_credentials as r (credential_hash, username, password, attempts, successes, last_seen)
select * from unnest($12::uuid[], $13::text[], $14::text[], $15::bigint[], $16::bigint[], $17::timestamptz[])
on conflict (credential_hash) do update set
  attempts = r.attempts + excluded.attempts,
  successes = r.successes + excluded.successes,
  last_seen = greatest(r.last_seen, excluded.last_seen)`;

function inKeyOrder<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function byHash<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].map(([key, delta]): [string, V] => [uuidOf(key), delta]).sort(([a], [b]) => (a < b ? -1 : 1));
}
