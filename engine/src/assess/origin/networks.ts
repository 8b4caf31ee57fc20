import { BlockList } from 'node:net';
import { parseIpAddress } from './ip-address.ts';

export interface NamedNetwork {
  readonly name: string;
  /** `192.0.2.0/24`, `2001:db8::/32`. */
  readonly cidr: string;
}

/** Networks that no stranger on the internet has, by their registered purpose (RFC 6890 and its successors). */
const reserved: readonly NamedNetwork[] = [
  ...named('private', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']),
  ...named('loopback', ['127.0.0.0/8', '::1/128']),
  ...named('link-local', ['169.254.0.0/16', 'fe80::/10']),
  ...named('shared', ['100.64.0.0/10']),
  ...named('documentation', ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32', '3fff::/20']),
  ...named('benchmarking', ['198.18.0.0/15', '2001:2::/48']),
  ...named('multicast', ['224.0.0.0/4', 'ff00::/8']),
  ...named('reserved', ['0.0.0.0/8', '192.0.0.0/24', '240.0.0.0/4', '::/128', '100::/64']),
];

/** The name of a network that is nobody's on the internet; null for any other address. */
export const reservedNetworkName = createNetworkNames([]);

/** Names the network that an address is in; the user's own come first. Null: somewhere on the internet. */
export function createNetworkNames(own: readonly NamedNetwork[]): (address: string) => string | null {
  return createNetworkLookup([...own, ...reserved]);
}

/**
 * The name of the first network that holds the address. IPv4 is compared as numbers, because `BlockList` parses the
 * text once for each list (measured: 13 µs an address against 0.5).
 */
export function createNetworkLookup(networks: readonly NamedNetwork[]): (address: string) => string | null {
  const ipv4 = networks.flatMap(({ name, cidr }) => {
    const range = ipv4Range(cidr);
    return range === undefined ? [] : [{ name, ...range }];
  });
  const ipv6 = networks.flatMap(({ name, cidr }) => {
    if (!cidr.includes(':')) return [];
    const [base = '', bits = '128'] = cidr.split('/');
    const list = new BlockList();
    list.addSubnet(base, Number(bits), 'ipv6');
    return [{ name, list }];
  });
  return (text) => {
    const address = parseIpAddress(text);
    if (address === undefined) return null;
    if (address.family === 'ipv6') return ipv6.find(({ list }) => list.check(text, 'ipv6'))?.name ?? null;
    return ipv4.find(({ start, end }) => start <= address.value && address.value <= end)?.name ?? null;
  };
}

function ipv4Range(cidr: string): { readonly start: number; readonly end: number } | undefined {
  const [base = '', bits = '32'] = cidr.split('/');
  const address = parseIpAddress(base);
  if (address?.family !== 'ipv4') return undefined;
  const size = 2 ** (32 - Number(bits));
  const start = Math.floor(address.value / size) * size;
  return { start, end: start + size - 1 };
}

function named(name: string, cidrs: readonly string[]): NamedNetwork[] {
  return cidrs.map((cidr) => ({ name, cidr }));
}
