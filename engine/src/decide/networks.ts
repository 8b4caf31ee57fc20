import { BlockList, isIP } from 'node:net';

/** Answers whether an address lies in one of these networks; what is no address lies in none. */
export function createNetworkCheck(networks: readonly string[]): (address: string | null) => boolean {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return function liesInNetwork(address) {
    const version = address === null ? 0 : isIP(address);
    return address !== null && version !== 0 && list.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
}
