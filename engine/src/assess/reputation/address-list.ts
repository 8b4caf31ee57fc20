import type { Clock } from '../../kit/clock.ts';
import { parseIpAddress } from '../origin/ip-address.ts';
import { createNetworkLookup } from '../origin/networks.ts';
import { askText, type ReputationProvider } from './provider.ts';

const listBytesMax = 16 * 1024 * 1024;
const networksMax = 20_000;
const refreshHours = 6;

/** A list of bad addresses and networks, one a line, with `#` or `;` before comments: what most feeds look like. */
export function createAddressList(options: {
  readonly url: string;
  readonly clock: Pick<Clock, 'now'>;
}): ReputationProvider {
  let list: { readonly isListed: (address: string) => boolean; readonly fetchedMs: number } | undefined;
  return {
    name: 'address-list',
    // The list is fetched whole, so a question costs nobody anything.
    dailyMax: Number.POSITIVE_INFINITY,
    keepHours: refreshHours,
    async ask(address, signal) {
      const nowMs = options.clock.now().getTime();
      if (list === undefined || nowMs - list.fetchedMs > refreshHours * 3_600_000) {
        const text = await askText(options.url, { Accept: 'text/plain' }, signal, { bytesMax: listBytesMax });
        list = { isListed: parseAddressList(text), fetchedMs: nowMs };
      }
      return list.isListed(address)
        ? { score: 1, says: 'It is on the configured list of bad addresses.' }
        : { score: null, says: 'It is not on the configured list.' };
    },
  };
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
