import { readFileSync } from 'node:fs';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { z } from 'zod';
import { createNetworkLookup } from './networks.ts';

/** `policy/origin/scanners.json`: who scans the whole internet and says from where. */
const ScannerList = z.strictObject({
  about: z.string(),
  scanners: z.array(
    z.strictObject({
      name: z.string(),
      /** Where the scanner itself, or whoever collected it, states this. */
      source: z.string(),
      networks: z.array(z.union([z.cidrv4(), z.cidrv6()])),
      asns: z.array(z.number().int().positive()),
    }),
  ),
});
type ScannerList = Readonly<z.infer<typeof ScannerList>>;

export type FindScanner = (address: string, asn: number | null) => string | null;

/** @throws CerberusError BAD_CONFIGURATION naming the file where it has another form. */
export function loadScanners(path: string): FindScanner {
  try {
    return createFindScanner(ScannerList.parse(JSON.parse(readFileSync(path, 'utf8'))));
  } catch (cause) {
    throw new CerberusError('BAD_CONFIGURATION', `Expected a list of scanners in ${path}; restore the file.`, cause);
  }
}

function createFindScanner({ scanners }: ScannerList): FindScanner {
  const inNetwork = createNetworkLookup(
    scanners.flatMap(({ name, networks }) => networks.map((cidr) => ({ name, cidr }))),
  );
  const byAsn = new Map(scanners.flatMap(({ name, asns }) => asns.map((asn) => [asn, name] as const)));
  return (address, asn) => (asn === null ? undefined : byAsn.get(asn)) ?? inNetwork(address);
}
