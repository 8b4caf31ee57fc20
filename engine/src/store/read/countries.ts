import { periodBounds } from '@cerberusmesh/contract/api';
import type { CountryQuery, CountryStats } from '@cerberusmesh/contract/api-stats';
import type { Reader } from './reader.ts';
import { createWhere, type Where } from './statement.ts';

/** `-private` is a network that is in no country (`placeName` in store/origins.ts). */
const place = `case when country not like '-%' then nullif(country, '') end as country,
  case when country like '-%' then substr(country, 2) end as network`;

/** Reads of `rollup_countries`, which a day adds at most some thousand rows to; of all time by the month. */
export function createCountryReads(reader: Reader) {
  return {
    async readCountries(query: CountryQuery): Promise<Omit<CountryStats, 'attribution'>> {
      const [countries, networks] = await Promise.all([
        ask<CountryStats['countries'][number]>(
          query,
          (where, table) =>
            `select ${place}, sum(events)::float8 as events from ${table} ${where.text}
              group by country order by 3 desc, 1, 2 limit ${where.parameter(query.limit)}`,
        ),
        ask<CountryStats['networks'][number]>(
          query,
          (where, table) =>
            `select nullif(asn, 0)::float8 as asn, max(as_name) as as_name, ${place},
                    sum(events)::float8 as events
               from ${table} ${where.text}
              group by asn, country order by 5 desc, 1 limit ${where.parameter(query.limit)}`,
        ),
      ]);
      return { countries, networks };
    },
  };

  async function ask<Row extends object>(
    query: CountryQuery,
    statement: (where: Where, table: string) => string,
  ): Promise<Row[]> {
    const where = createWhere();
    const { fromMs, toMs } = periodBounds(query);
    if (fromMs !== null) where.add("day >= ?::timestamptz at time zone 'UTC'", new Date(fromMs));
    if (toMs !== null) where.add("day < ?::timestamptz at time zone 'UTC'", new Date(toMs));
    const table = fromMs === null && toMs === null ? 'rollup_country_months' : 'rollup_countries';
    return await reader.rows<Row>(statement(where, table), where.values);
  }
}
