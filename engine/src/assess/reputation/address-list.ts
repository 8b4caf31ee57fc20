import type { Clock } from '../../kit/clock.ts';
import { parseIpAddress } from '../origin/ip-address.ts';
import { createNetworkLookup } from '../origin/networks.ts';
import { createFetchedList } from './fetched-list.ts';
import type { ReputationProvider } from './provider.ts';

const listBytesMax = 16 * 1024 * 1024;
const networksMax = 20_000;

/** A list of bad addresses and networks, one a line, with `#` or `;` before comments: what most feeds look like. */
export function createAddressList(options: {
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
}): ReputationProvider {
  return createFetchedList({
    ...options,
    name: 'address-list',
    bytesMax: listBytesMax,
    parse: parseAddressList,
    says: {
      listed: 'It is on the configured list of bad addresses.',
      unlisted: 'It is not on the configured list.',
    },
  });
}

/** Lines that are no address and no network are passed over. */
export function parseAddressList(text: string): (address: string) => boolean {
  const addresses = new Set<string>();
  const networks: { name: string; cidr: string }[] = [];
  for (const line of text.split('\n')) {
    const [entry = ''] = line.trim().split(/[\s#;,]/, 1);
    const [base = '', bits] = entry.split('/');
    const family = parseIpAddress(base)?.family;
    if (family === undefined) continue;
    if (bits === undefined) addresses.add(base);
    else if (
      /^\d{1,3}$/.test(bits) &&
      Number(bits) <= (family === 'ipv4' ? 32 : 128) &&
      networks.length < networksMax
    ) {
      networks.push({ name: 'listed', cidr: `${base}/${bits}` });
    }
  }
  const inNetwork = createNetworkLookup(networks);
  return (address) => addresses.has(address) || inNetwork(address) !== null;
}
