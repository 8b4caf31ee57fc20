import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

/** A host whose traffic we may stop. */
export interface Firewall {
  readonly name: string;
  /** Drops what comes from the address; the kernel itself forgets it after `seconds`. */
  block(address: string, seconds: number, signal: AbortSignal): Promise<void>;
  unblock(address: string, signal: AbortSignal): Promise<void>;
  lists(address: string, signal: AbortSignal): Promise<boolean>;
}

/** Runs `nft <args>` there with this text as its input. Rejects where it fails. @returns what it wrote. */
export type RunNft = (args: readonly string[], stdin: string, signal: AbortSignal) => Promise<string>;

const table = 'inet cerberusmesh';

/**
 * A table of our own, made again with every call and in one transaction, so that it does not matter what a restart or
 * another hand left of it. Nothing outside of it is touched; `nft delete table inet cerberusmesh` ends all of it.
 */
const prepare = `
add table ${table}
add set ${table} blocked4 { type ipv4_addr; flags timeout; }
add set ${table} blocked6 { type ipv6_addr; flags timeout; }
add chain ${table} input { type filter hook input priority -10; policy accept; }
add chain ${table} forward { type filter hook forward priority -10; policy accept; }
flush chain ${table} input
flush chain ${table} forward
add rule ${table} input ip saddr @blocked4 drop
add rule ${table} input ip6 saddr @blocked6 drop
add rule ${table} forward ip saddr @blocked4 drop
add rule ${table} forward ip6 saddr @blocked6 drop
`;

/** Blocks by elements with a timeout in sets of nftables, so that what a killed engine left ends by itself. */
export function createNftFirewall(name: string, run: RunNft): Firewall {
  return {
    name,
    async block(address, seconds, signal) {
      const element = `element ${table} ${setOf(address)}`;
      // Added, removed, added: an element that is there would keep its old timeout, and one that is not cannot be removed.
      const renewed = [
        `add ${element} { ${address} }`,
        `delete ${element} { ${address} }`,
        `add ${element} { ${address} timeout ${seconds}s }`,
      ];
      await run(['-f', '-'], `${prepare}${renewed.join('\n')}\n`, signal);
    },
    async unblock(address, signal) {
      const element = `element ${table} ${setOf(address)} { ${address} }`;
      await run(['-f', '-'], `${prepare}add ${element}\ndelete ${element}\n`, signal);
    },
    async lists(address, signal) {
      const listing = await run(['-j', 'list', 'set', ...table.split(' '), setOf(address)], '', signal);
      return holds(addressesOf(listing), address);
    },
  };
}

/** Throws for anything but an address: it goes into a script. */
function setOf(address: string): string {
  const version = isIP(address);
  if (version === 0 || address.includes('%')) throw new Error('a firewall was given something that is no address');
  return version === 6 ? 'blocked6' : 'blocked4';
}

/** By value: an IPv6 address may be written in many ways, and nft lists it in its own. */
function holds(listed: readonly string[], address: string): boolean {
  const list = new BlockList();
  const family = (one: string) => (isIP(one) === 6 ? 'ipv6' : 'ipv4');
  for (const one of listed) list.addAddress(one, family(one));
  return list.check(address, family(address));
}

const Element = z.union([z.string(), z.object({ elem: z.object({ val: z.string() }) })]);
const Listing = z.object({
  nftables: z.array(z.looseObject({ set: z.looseObject({ elem: z.array(Element).default([]) }).optional() })),
});

function addressesOf(listing: string): string[] {
  const { nftables } = Listing.parse(JSON.parse(listing));
  return nftables.flatMap(({ set }) =>
    (set?.elem ?? []).map((each) => (typeof each === 'string' ? each : each.elem.val)),
  );
}
