import { BlockList, isIPv6 } from 'node:net';

/** Whether an address may send to us: those of this machine always, others where their network was named. */
export function createAllowedSenders(networks: readonly string[]): (address: string | undefined) => boolean {
  const allowed = new BlockList();
  for (const network of ['127.0.0.0/8', '::1/128', ...networks]) {
    const [address = '', bits = ''] = network.split('/');
    allowed.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return (address) => {
    if (address === undefined) return false;
    const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
    return allowed.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  };
}
