const names = new Intl.DisplayNames(undefined, { type: 'region' });

/** `countryName('HK')` is `Hong Kong`, in the reader's language; what is no country's code stays as it is. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}
