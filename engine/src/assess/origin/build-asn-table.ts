import { open } from 'node:fs/promises';
import type { AsnColumns } from './asn-table.ts';

/**
 * Reads the package's two lists (`start,end,asn,name`, addresses as decimal numbers, in order) line by line, since
 * both together as text would take more memory than the rest of the engine. About a second.
 */
export async function buildAsnColumns(ipv4Csv: string, ipv6Csv: string): Promise<AsnColumns> {
  const systems = createSystems();
  const ipv4 = { starts: new Uint32Array(1 << 19), ends: new Uint32Array(1 << 19), systems: new Uint32Array(1 << 19) };
  let ipv4Count = 0;
  await eachRange(ipv4Csv, (start, end, asn, name) => {
    if (ipv4Count === ipv4.starts.length) widen(ipv4);
    ipv4.starts[ipv4Count] = Number(start);
    ipv4.ends[ipv4Count] = Number(end);
    ipv4.systems[ipv4Count++] = systems.indexOf(asn, name);
  });
  const ipv6: { start: bigint; end: bigint; system: number }[] = [];
  await eachRange(ipv6Csv, (start, end, asn, name) => {
    ipv6.push({ start: BigInt(start) >> 64n, end: BigInt(end) >> 64n, system: systems.indexOf(asn, name) });
  });
  return {
    ipv4Starts: ipv4.starts.slice(0, ipv4Count),
    ipv4Ends: ipv4.ends.slice(0, ipv4Count),
    ipv4Systems: ipv4.systems.slice(0, ipv4Count),
    ipv6Starts: BigUint64Array.from(ipv6, ({ start }) => start),
    ipv6Ends: BigUint64Array.from(ipv6, ({ end }) => end),
    ipv6Systems: Uint32Array.from(ipv6, ({ system }) => system),
    ...systems.columns(),
  };
}

function createSystems() {
  const indices = new Map<number, number>();
  const nameStarts: number[] = [0];
  let names = Buffer.alloc(1 << 21);
  return {
    indexOf(asn: number, name: string): number {
      const known = indices.get(asn);
      if (known !== undefined) return known;
      const start = nameStarts.at(-1) ?? 0;
      if (start + name.length * 3 > names.length) names = Buffer.concat([names, Buffer.alloc(names.length)]);
      nameStarts.push(start + names.write(name, start));
      indices.set(asn, indices.size);
      return indices.size - 1;
    },
    columns: () => ({
      asns: Uint32Array.from(indices.keys()),
      nameStarts: Uint32Array.from(nameStarts),
      names: new Uint8Array(names.subarray(0, nameStarts.at(-1))),
    }),
  };
}

async function eachRange(
  path: string,
  take: (start: string, end: string, asn: number, name: string) => void,
): Promise<void> {
  const file = await open(path);
  try {
    for await (const line of file.readLines()) {
      const range = /^(\d{1,39}),(\d{1,39}),(\d{1,10}),(.*)$/.exec(line);
      if (range) take(range[1] ?? '', range[2] ?? '', Number(range[3]), unquote(range[4] ?? ''));
    }
  } finally {
    await file.close();
  }
}

function unquote(field: string): string {
  return field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field;
}

function widen(columns: { starts: Uint32Array; ends: Uint32Array; systems: Uint32Array }): void {
  for (const key of ['starts', 'ends', 'systems'] as const) {
    const wider = new Uint32Array(columns[key].length * 2);
    wider.set(columns[key]);
    columns[key] = wider;
  }
}
