import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin, Origin } from '@cerberusmesh/contract/origin';
import type pg from 'pg';

/**
 * Says of a batch's attackers where they come from, and adds the batch to the counts by day, country and autonomous
 * system. One statement; rows in order of their keys, so that writers do not wait for each other in a ring. After
 * `upsertAttackers`, whose rows it completes.
 */
export async function addOrigins(
  client: pg.PoolClient,
  lines: readonly AssessedLine[],
  locate: LocateOrigin,
): Promise<void> {
  const origins = new Map<string, Origin>();
  const counts = new Map<string, { day: string; origin: Origin; events: number }>();
  for (const { event, probe } of lines) {
    if (probe || event.sourceIp === null) continue;
    const origin = origins.get(event.sourceIp) ?? locate(event.sourceIp);
    origins.set(event.sourceIp, origin);
    count(counts, event.timestamp.slice(0, 10), origin);
  }
  if (origins.size === 0) return;
  const addresses = [...origins.keys()].sort();
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  await client.query({
    name: 'add origins',
    text: addText,
    values: [
      addresses,
      ...columns(addresses.map((address) => origins.get(address))),
      rows.map(({ day }) => day),
      rows.map(({ origin }) => origin.country ?? ''),
      rows.map(({ origin }) => origin.asn ?? 0),
      rows.map(({ origin }) => origin.asName ?? ''),
      rows.map(({ events }) => events),
    ],
  });
}

function count(
  counts: Map<string, { day: string; origin: Origin; events: number }>,
  day: string,
  origin: Origin,
): void {
  const key = `${day} ${origin.country} ${origin.asn}`;
  const known = counts.get(key);
  if (known) known.events++;
  else counts.set(key, { day, origin, events: 1 });
}

function columns(origins: readonly (Origin | undefined)[]) {
  const fields = ['country', 'city', 'asn', 'asName', 'network', 'scanner'] as const;
  return fields.map((field) => origins.map((origin) => origin?.[field] ?? null));
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
select * from unnest($8::date[], $9::text[], $10::bigint[], $11::text[], $12::bigint[])
on conflict (day, country, asn) do update set events = r.events + excluded.events, as_name = excluded.as_name`;
