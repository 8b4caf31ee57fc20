import type { IpAddress } from './ip-address.ts';

export interface AutonomousSystem {
  readonly asn: number;
  readonly name: string;
}

/** Half a million ranges of addresses with their autonomous systems, in one piece of memory (9 MB). */
export interface AsnTable {
  /** About a microsecond. */
  find(address: IpAddress): AutonomousSystem | undefined;
}

export interface AsnColumns {
  readonly ipv4Starts: Uint32Array;
  readonly ipv4Ends: Uint32Array;
  readonly ipv4Systems: Uint32Array;
  readonly ipv6Starts: BigUint64Array;
  readonly ipv6Ends: BigUint64Array;
  readonly ipv6Systems: Uint32Array;
  readonly asns: Uint32Array;
  /** One more than there are names: where the next one would begin. */
  readonly nameStarts: Uint32Array;
  readonly names: Uint8Array;
}

const magic = 0x63_6d_61_32;
const headerBytes = 32;

/** Finds the system that announces an address, by binary search over columns that stay as they were loaded. */
export function asnTableOf(columns: AsnColumns): AsnTable {
  const { ipv4Starts, ipv4Ends, ipv4Systems, ipv6Starts, ipv6Ends, ipv6Systems, asns, nameStarts, names } = columns;
  const text = new TextDecoder();

  return {
    find(address) {
      if (address.family === 'ipv4') {
        const at = lastNotAfter(ipv4Starts, address.value);
        return at < 0 || (ipv4Ends[at] ?? 0) < address.value ? undefined : systemOf(ipv4Systems[at]);
      }
      const at = lastNotAfter(ipv6Starts, address.upper);
      return at < 0 || (ipv6Ends[at] ?? 0n) < address.upper ? undefined : systemOf(ipv6Systems[at]);
    },
  };

  function systemOf(index: number | undefined): AutonomousSystem | undefined {
    const asn = index === undefined ? undefined : asns[index];
    if (index === undefined || asn === undefined) return undefined;
    return { asn, name: text.decode(names.subarray(nameStarts[index], nameStarts[index + 1])) };
  }
}

/** The table as one file: a header with the counts, then the columns, widest first so that each is aligned. */
export function encodeAsnColumns(columns: AsnColumns): Buffer {
  const header = new Uint32Array(headerBytes / 4);
  header.set([magic, columns.ipv4Starts.length, columns.ipv6Starts.length, columns.asns.length, columns.names.length]);
  return Buffer.concat(
    [header, ...inFileOrder(columns)].map((part) => new Uint8Array(part.buffer, part.byteOffset, part.byteLength)),
  );
}

/** Undefined where the bytes are not such a file, or not all of it: the caller then makes it anew. */
export function decodeAsnColumns(bytes: ArrayBuffer): AsnColumns | undefined {
  if (bytes.byteLength < headerBytes) return undefined;
  const [mark, ipv4 = 0, ipv6 = 0, systems = 0, nameBytes = 0] = new Uint32Array(bytes, 0, headerBytes / 4);
  const expected = headerBytes + ipv6 * 16 + ipv4 * 12 + ipv6 * 4 + systems * 4 + (systems + 1) * 4 + nameBytes;
  if (mark !== magic || bytes.byteLength !== expected) return undefined;
  let at = headerBytes;
  const place = (size: number) => {
    const start = at;
    at += size;
    return start;
  };
  const words = (count: number) => new Uint32Array(bytes, place(count * 4), count);
  const longs = (count: number) => new BigUint64Array(bytes, place(count * 8), count);
  return {
    ipv6Starts: longs(ipv6),
    ipv6Ends: longs(ipv6),
    ipv4Starts: words(ipv4),
    ipv4Ends: words(ipv4),
    ipv4Systems: words(ipv4),
    ipv6Systems: words(ipv6),
    asns: words(systems),
    nameStarts: words(systems + 1),
    names: new Uint8Array(bytes, place(nameBytes), nameBytes),
  };
}

function inFileOrder(columns: AsnColumns) {
  return [
    columns.ipv6Starts,
    columns.ipv6Ends,
    columns.ipv4Starts,
    columns.ipv4Ends,
    columns.ipv4Systems,
    columns.ipv6Systems,
    columns.asns,
    columns.nameStarts,
    columns.names,
  ];
}

function lastNotAfter(starts: Uint32Array, value: number): number;
function lastNotAfter(starts: BigUint64Array, value: bigint): number;
function lastNotAfter(starts: Uint32Array | BigUint64Array, value: number | bigint): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
