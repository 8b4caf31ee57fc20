import { lookup } from 'node:dns/promises';
import { BlockList, isIPv6 } from 'node:net';
import { CerberusError } from '@cerberusmesh/contract/errors';

export interface PermittedTarget {
  /** The address itself: a name could resolve to another one by the time of the next connection. */
  readonly address: string;
}

/**
 * The target, where it is ours: every address of its name must be loopback or within `networks` (CIDR).
 * @throws CerberusError TARGET_REFUSED otherwise, or where the name has no address.
 */
export async function permitTarget(host: string, networks: readonly { cidr: string }[]): Promise<PermittedTarget> {
  const found = await lookup(host, { all: true, verbatim: true }).catch(() => []);
  const [first] = found;
  if (!first) throw new CerberusError('TARGET_REFUSED', `The name ${JSON.stringify(host)} has no address.`);
  const permitted = permittedNetworks(networks);
  const stranger = found.find(({ address }) => !permitted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'));
  if (stranger) {
    throw new CerberusError(
      'TARGET_REFUSED',
      `${stranger.address} is neither loopback nor in CERBERUS_SIMULATE_TARGETS; name its network there if it is yours.`,
    );
  }
  return { address: first.address };
}

function permittedNetworks(networks: readonly { cidr: string }[]): BlockList {
  const list = new BlockList();
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  list.addAddress('::1', 'ipv6');
  for (const { cidr } of networks) {
    const [address = '', prefix = ''] = cidr.split('/');
    list.addSubnet(address, Number(prefix), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
}
