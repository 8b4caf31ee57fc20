import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { LocateOrigin } from '@cerberusmesh/contract/origin';
import { z } from 'zod';
import { type AsnColumns, asnTableOf, decodeAsnColumns, encodeAsnColumns } from './asn-table.ts';
import { buildAsnColumns } from './build-asn-table.ts';
import { openGeoDatabase } from './geo-database.ts';
import { createLocate } from './locate.ts';
import { createNetworkNames, type NamedNetwork } from './networks.ts';
import { loadScanners } from './scanners.ts';

const { resolve } = createRequire(import.meta.url);
const fileName = /^asn-[\w.-]+\.bin$/;

export interface OriginOptions {
  /**
   * Where the table of autonomous systems is looked for and kept, so that it is built once for each version of the
   * package: in the first of these that can be written.
   */
  readonly cacheDirs: readonly string[];
  readonly policyFolder: string;
  readonly ownNetworks: readonly NamedNetwork[];
  /** A MaxMind DB file with cities that the user has a licence for. */
  readonly cityDatabase: string | null;
}

/** Opens what npm packages bring: countries and autonomous systems. `npm update` brings newer ones. */
export async function loadOrigins(options: OriginOptions): Promise<LocateOrigin> {
  const columns = await openAsnColumns(options.cacheDirs);
  return createLocate({
    networkName: createNetworkNames(options.ownNetworks),
    findPlace: openGeoDatabase(resolve('@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb')),
    ...(options.cityDatabase === null ? {} : { findCity: openGeoDatabase(options.cityDatabase) }),
    asnTable: asnTableOf(columns),
    findScanner: loadScanners(join(options.policyFolder, 'origin/scanners.json')),
  });
}

async function openAsnColumns(cacheDirs: readonly string[]): Promise<AsnColumns> {
  const { version } = z
    .object({ version: z.string().regex(/^[\w.-]{1,64}$/) })
    .parse(createRequire(import.meta.url)('@ip-location-db/asn/package.json'));
  const name = `asn-${version}.bin`;
  for (const dir of cacheDirs) {
    const kept = await readWhole(join(dir, name));
    const columns = kept && decodeAsnColumns(kept);
    if (columns !== undefined) return columns;
  }
  const built = await buildAsnColumns(
    resolve('@ip-location-db/asn/asn-ipv4-num.csv'),
    resolve('@ip-location-db/asn/asn-ipv6-num.csv'),
  );
  await keepInFirst(cacheDirs, name, encodeAsnColumns(built));
  return built;
}

/** Into memory of its own, whose start is aligned: the columns are views into it. */
async function readWhole(path: string): Promise<ArrayBuffer | undefined> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const bytes = new ArrayBuffer(size);
    const { bytesRead } = await file.read(new Uint8Array(bytes), 0, size, 0);
    return bytesRead === size ? bytes : undefined;
  } finally {
    await file.close();
  }
}

/** Without a place to keep it the table is built again at the next start: slower, and no fault. */
async function keepInFirst(dirs: readonly string[], name: string, bytes: Buffer): Promise<void> {
  for (const dir of dirs) {
    const kept = await keep(dir, join(dir, name), bytes).then(
      () => true,
      () => false,
    );
    if (kept) return;
  }
}

/** Renamed into place, since another process may be reading; tables of earlier versions go. */
async function keep(cacheDir: string, file: string, bytes: Buffer): Promise<void> {
  await mkdir(cacheDir, { recursive: true });
  for (const name of await readdir(cacheDir)) if (fileName.test(name)) await rm(join(cacheDir, name), { force: true });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, bytes);
  await rename(draft, file);
}
