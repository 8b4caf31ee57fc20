import type pg from 'pg';
import { type BatchSummary, uuidOf } from './summarize.ts';

/** Adds a batch's share to the rollups. Rows in order of their keys, so that writers do not wait for each other in a ring. */
export async function addToRollups(
  client: pg.PoolClient,
  { hours, commands, credentials }: BatchSummary,
): Promise<void> {
  await addToHours(client, hours);
  await addToCommands(client, commands);
  await addToCredentials(client, credentials);
}

async function addToHours(client: pg.PoolClient, hours: BatchSummary['hours']): Promise<void> {
  if (hours.size === 0) return;
  const rows = inKeyOrder(hours);
  await client.query({
    name: 'add to hours',
    text: `insert into rollup_hours as r (hour, sensor, event_type, severity, events)
     select * from unnest($1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::bigint[])
     on conflict (hour, sensor, event_type, severity) do update set events = r.events + excluded.events`,
    values: [
      rows.map(([, delta]) => delta.hour),
      rows.map(([, delta]) => delta.sensor),
      rows.map(([, delta]) => delta.eventType),
      rows.map(([, delta]) => delta.severity),
      rows.map(([, delta]) => delta.events),
    ],
  });
}

async function addToCommands(client: pg.PoolClient, commands: BatchSummary['commands']): Promise<void> {
  if (commands.size === 0) return;
  const rows = byHash(commands);
  await client.query({
    name: 'add to commands',
    text: `insert into rollup_commands as r (command_hash, command, severity, events, first_seen, last_seen)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
     on conflict (command_hash) do update set
       severity = excluded.severity,
       events = r.events + excluded.events,
       first_seen = least(r.first_seen, excluded.first_seen),
       last_seen = greatest(r.last_seen, excluded.last_seen)`,
    values: [
      rows.map(([hash]) => hash),
      rows.map(([, delta]) => delta.command),
      rows.map(([, delta]) => delta.severity),
      rows.map(([, delta]) => delta.events),
      rows.map(([, delta]) => delta.firstTime),
      rows.map(([, delta]) => delta.lastTime),
    ],
  });
}

async function addToCredentials(client: pg.PoolClient, credentials: BatchSummary['credentials']): Promise<void> {
  if (credentials.size === 0) return;
  const rows = byHash(credentials);
  await client.query({
    name: 'add to credentials',
    text: `insert into rollup_credentials as r (credential_hash, username, password, attempts, successes, last_seen)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[])
     on conflict (credential_hash) do update set
       attempts = r.attempts + excluded.attempts,
       successes = r.successes + excluded.successes,
       last_seen = greatest(r.last_seen, excluded.last_seen)`,
    values: [
      rows.map(([hash]) => hash),
      rows.map(([, delta]) => delta.username),
      rows.map(([, delta]) => delta.password),
      rows.map(([, delta]) => delta.attempts),
      rows.map(([, delta]) => delta.successes),
      rows.map(([, delta]) => delta.lastTime),
    ],
  });
}

function inKeyOrder<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

function byHash<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].map(([key, delta]): [string, V] => [uuidOf(key), delta]).sort(([a], [b]) => (a < b ? -1 : 1));
}
