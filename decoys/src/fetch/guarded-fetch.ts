import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { BlockList, isIP } from 'node:net';

export interface GuardedFetchOptions {
  readonly bytesMax: number;
  readonly timeoutMs: number;
  readonly redirectsMax: number;
  /** Our own addresses, which no visitor may reach through us. */
  readonly ownAddresses: readonly string[];
  /** How a name becomes addresses; every address is checked, and the one that was checked is the one that is connected to. */
  readonly resolve?: (host: string) => Promise<readonly string[]>;
  /** For tests, which have no other network: these addresses may be reached though they are private, at any port. */
  readonly allowedAddresses?: readonly string[];
}

export type Fetch = (url: string) => Promise<Uint8Array | null>;

const ports: ReadonlySet<number> = new Set([80, 443, 8000, 8080, 8443, 8888]);

/**
 * Fetches what a visitor's `wget` or `curl` names, by GET, as a file to be looked at later: never from private, loopback,
 * link-local, multicast, documentation or own addresses, wherever a name or a redirect leads; from a few ports; so many
 * bytes, so long. Nothing of the visitor goes along but the URL, and no cookie or login of ours. Null for everything
 * that was not fetched.
 */
export function createGuardedFetch(options: GuardedFetchOptions): Fetch {
  const { bytesMax, timeoutMs, redirectsMax, ownAddresses, allowedAddresses = [] } = options;
  const resolve = options.resolve ?? resolveAll;
  const own = new Set(ownAddresses);
  const allowed = new Set(allowedAddresses);

  return async function guardedFetch(given) {
    const signal = AbortSignal.timeout(timeoutMs);
    let url = given;
    for (let redirects = 0; redirects <= redirectsMax; redirects++) {
      const answer = await fetchOnce(url, signal).catch(() => null);
      if (answer === null || 'bytes' in answer) return answer?.bytes ?? null;
      url = answer.location;
    }
    return null;
  };

  async function fetchOnce(text: string, signal: AbortSignal) {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !isWeb(url)) return null;
    const address = await checkedAddress(url.hostname.replace(/^\[|\]$/g, ''));
    return address === null ? null : await get(url, address, signal);
  }

  /** One address that may be reached; null where any that the name has may not. */
  async function checkedAddress(host: string): Promise<string | null> {
    const addresses = isIP(host) ? [host] : await resolve(host);
    const [first] = addresses;
    return first !== undefined && addresses.every(mayReach) ? first : null;
  }

  function mayReach(address: string): boolean {
    if (allowed.has(address)) return true;
    return !own.has(address) && !isReserved(address);
  }

  function isWeb({ protocol, port, username, password }: URL): boolean {
    if (!/^https?:$/.test(protocol) || username !== '' || password !== '') return false;
    return allowed.size > 0 || ports.has(port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port));
  }

  /** Connects to the address that was checked, whatever the name says by now. */
  function get(
    url: URL,
    address: string,
    signal: AbortSignal,
  ): Promise<{ bytes: Uint8Array } | { location: string } | null> {
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    return new Promise((settle, reject) => {
      const asked = request(
        url,
        {
          signal,
          lookup: (_host, { all }, done) =>
            all ? done(null, [{ address, family: isIP(address) }]) : done(null, address, isIP(address)),
          headers: { 'user-agent': 'Wget/1.21.3', accept: '*/*' },
          agent: false,
          // What attackers offer is signed by nobody.
          rejectUnauthorized: false,
          maxHeaderSize: 16 * 1024,
        },
        (response) => {
          const { statusCode = 0, headers } = response;
          if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
            response.destroy();
            return settle(
              URL.canParse(headers.location, url.href) ? { location: new URL(headers.location, url).href } : null,
            );
          }
          const isTooLong = Number(headers['content-length'] ?? 0) > bytesMax;
          if (statusCode !== 200 || isTooLong) {
            response.destroy();
            return settle(null);
          }
          const chunks: Buffer[] = [];
          let length = 0;
          response.on('data', (chunk: Buffer) => {
            length += chunk.length;
            if (length <= bytesMax) chunks.push(chunk);
            else {
              response.destroy();
              settle(null);
            }
          });
          response.once('end', () => settle({ bytes: Buffer.concat(chunks) }));
          response.once('error', reject);
        },
      );
      asked.once('error', reject);
      asked.end();
    });
  }
}

async function resolveAll(host: string): Promise<readonly string[]> {
  return (await lookup(host, { all: true, verbatim: true })).map(({ address }) => address);
}

/** Whether an address is anything but one host in the public Internet. */
export function isReserved(address: string): boolean {
  const mapped = mappedIpv4(address);
  if (mapped !== undefined) return isReserved(mapped);
  return isIP(address) === 4
    ? reserved.check(address, 'ipv4')
    : !publicIpv6.check(address, 'ipv6') || reserved.check(address, 'ipv6');
}

/** IPv4 in the clothes of IPv6: mapped, translated (NAT64) and 6to4 ones are what they carry. */
function mappedIpv4(address: string): string | undefined {
  if (isIP(address) !== 6) return undefined;
  const groups = expand(address);
  const [first, , , , , sixth] = groups;
  const last = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && sixth === 0xffff;
  const isTranslated = first === 0x64 && groups[1] === 0xff9b;
  const carried = isMapped || isTranslated ? last : first === 0x2002 ? groups.slice(1, 3) : undefined;
  return carried?.flatMap((group) => [group >> 8, group & 255]).join('.');
}

function expand(address: string): number[] {
  const dotted = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const plain = dotted
    ? address.slice(0, dotted.index) +
      [0, 2].map((at) => (Number(dotted[at + 1]) * 256 + Number(dotted[at + 2])).toString(16)).join(':')
    : address;
  const [left = '', right] = plain.split('::');
  const read = (text: string) =>
    text
      .split(':')
      .filter(Boolean)
      .map((group) => Number.parseInt(group, 16));
  const [before, after] = [read(left), read(right ?? '')];
  return [...before, ...Array<number>(Math.max(0, 8 - before.length - after.length)).fill(0), ...after];
}

const reserved = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  reserved.addSubnet(network, bits, 'ipv4');
reserved.addSubnet('2001:db8::', 32, 'ipv6');
reserved.addSubnet('2001::', 23, 'ipv6');
reserved.addSubnet('3fff::', 20, 'ipv6');
const publicIpv6 = new BlockList();
publicIpv6.addSubnet('2000::', 3, 'ipv6');
