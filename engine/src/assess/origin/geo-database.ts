import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { Reader } from 'mmdb-lib';
import { z } from 'zod';

export interface GeoPlace {
  readonly country: string | null;
  readonly city: string | null;
}

export type FindPlace = (address: string) => GeoPlace | undefined;

const Country = z.string().regex(/^[A-Z]{2}$/);

/** MaxMind's nested records and ip-location-db's flat ones. */
const PlaceRecord = z.object({
  country_code: Country.optional(),
  country: z.object({ iso_code: Country.optional() }).optional(),
  city: z.union([z.string(), z.object({ names: z.object({ en: z.string().optional() }).optional() })]).optional(),
});

/** Opens a MaxMind DB file; it is held in memory. @throws CerberusError BAD_CONFIGURATION where it is none. */
export function openGeoDatabase(path: string): FindPlace {
  const reader = openReader(path);
  return (address) => {
    const record = PlaceRecord.safeParse(reader.get(address));
    if (!record.success) return undefined;
    const { country_code, country, city } = record.data;
    const name = typeof city === 'string' ? city : city?.names?.en;
    return {
      country: country_code ?? country?.iso_code ?? null,
      city: name === undefined || name === '' ? null : name,
    };
  };
}

function openReader(path: string) {
  try {
    return new Reader(readFileSync(path));
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `Expected a MaxMind DB file at ${path}; name one that exists.`, cause);
  }
}
