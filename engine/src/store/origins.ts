import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin, Origin } from '@cerberusmesh/contract/origin';
import type pg from 'pg';
import { bigintColumn, textColumn } from './array-parameters.ts';

/** Where a batch's attackers come from, and its events by day, country and autonomous system. */
export interface OriginSummary {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly counts: ReadonlyMap<string, OriginDelta>;
}

interface OriginDelta {
  readonly day: string;
  readonly origin: Origin;
  events: number;
}

/** Probes are no attackers and are left out. */
export function summarizeOrigins(lines: readonly AssessedLine[], locate: LocateOrigin): OriginSummary {
  const origins = new Map<string, Origin>();
  const counts = new Map<string, OriginDelta>();
  for (const { event, probe } of lines) {
    if (probe || event.sourceIp === null) continue;
    const origin = origins.get(event.sourceIp) ?? locate(event.sourceIp);
    origins.set(event.sourceIp, origin);
    count(counts, event.timestamp.slice(0, 10), origin);
  }
  return { origins, counts };
}

/**
 * Says of a batch's attackers where they come from, and adds the batch to the counts. One statement; rows in order of
 * their keys, so that writers do not wait for each other in a ring. After `upsertAttackers`, whose rows it completes.
 */
export async function addOrigins(client: pg.PoolClient, { origins, counts }: OriginSummary): Promise<void> {
  if (origins.size === 0) return;
  const located = inKeyOrder(origins);
  const counted = inKeyOrder(counts);
  await client.query({
    name: 'add origins',
    text: addText,
    values: [
      textColumn(located, ([address]) => address),
      textColumn(located, ([, origin]) => origin.country),
      textColumn(located, ([, origin]) => origin.city),
      bigintColumn(located, ([, origin]) => origin.asn),
      textColumn(located, ([, origin]) => origin.asName),
      textColumn(located, ([, origin]) => origin.network),
      textColumn(located, ([, origin]) => origin.scanner),
      textColumn(counted, ([, { day }]) => day),
      textColumn(counted, ([, { origin }]) => origin.country ?? ''),
      bigintColumn(counted, ([, { origin }]) => origin.asn ?? 0),
      textColumn(counted, ([, { origin }]) => origin.asName ?? ''),
      bigintColumn(counted, ([, { events }]) => events),
    ],
  });
}

function count(counts: Map<string, OriginDelta>, day: string, origin: Origin): void {
  const key = `${day} ${origin.country} ${origin.asn}`;
  const known = counts.get(key);
  if (known) known.events++;
  else counts.set(key, { day, origin, events: 1 });
}

function inKeyOrder<V>(map: ReadonlyMap<string, V>): [string, V][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}

const addText = `
with located as (
  update attackers a
     set country = o.country, city = o.city, asn = o.asn, as_name = o.as_name, network = o.network, scanner = o.scanner
    from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])
         as o (ip_address, country, city, asn, as_name, network, scanner)
   where a.ip_address = o.ip_address
     and (a.country, a.city, a.asn, a.as_name, a.network, a.scanner)
         is distinct from (o.country, o.city, o.asn, o.as_name, o.network, o.scanner))
insert into rollup_countries as r (day, country, asn, as_name, events)
select day::date, country, asn, as_name, events
  from unnest($8::text[], $9::text[], $10::bigint[], $11::text[], $12::bigint[]) as d (day, country, asn, as_name, events)
on conflict (day, country, asn) do update set events = r.events + excluded.events, as_name = excluded.as_name`;
