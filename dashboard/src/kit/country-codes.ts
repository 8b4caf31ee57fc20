import codes from 'i18n-iso-countries/codes.json';

/** The map names countries by ISO 3166-1's numbers, the API by its two letters. */
export const alpha2OfNumeric: ReadonlyMap<string, string> = new Map(
  codes.map(([alpha2 = '', , numeric = '']) => [String(numeric), alpha2]),
);
