import { BlockList, isIP, type Socket } from 'node:net';
import { readProxyHeader } from './proxy-header.ts';

export interface Network {
  readonly cidr: string;
}

const headerMs = 5_000;

/**
 * Gives each connection on, with the address of the client where it comes through one of the configured proxies and says so
 * first (PROXY protocol, version 1 or 2). From anywhere else the same bytes are what they are: a visitor's words. A proxy
 * that does not begin with a header is hung up on, as the protocol asks.
 */
export function unwrapProxied(proxies: readonly Network[], give: (socket: Socket) => void): (socket: Socket) => void {
  const trusted = toBlockList(proxies);
  return function onConnection(socket) {
    const from = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
    if (proxies.length === 0 || isIP(from) === 0 || !trusted.check(from, isIP(from) === 6 ? 'ipv6' : 'ipv4'))
      return give(socket);
    const hangUp = () => void socket.destroy();
    const late = setTimeout(hangUp, headerMs);
    let head = Buffer.alloc(0);
    socket.once('error', hangUp);
    socket.once('close', () => clearTimeout(late));
    socket.on('readable', hear);

    function hear(): void {
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      head = Buffer.concat([head, chunk]);
      const header = readProxyHeader(head);
      if (header === 'more') return;
      if (header === undefined) {
        hangUp();
        return;
      }
      clearTimeout(late);
      socket.off('readable', hear);
      socket.off('error', hangUp);
      if (header.client) pretend(socket, header.client);
      if (head.length > header.bytes) socket.unshift(head.subarray(header.bytes));
      give(socket);
    }
  };
}

/** Everything behind reads where a visitor comes from off his socket. */
function pretend(socket: Socket, { address, port }: { readonly address: string; readonly port: number }): void {
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  Object.defineProperty(socket, 'remotePort', { value: port });
}

function toBlockList(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const { cidr } of networks) {
    const [address = '', bits] = cidr.split('/');
    list.addSubnet(address, Number(bits), isIP(address) === 6 ? 'ipv6' : 'ipv4');
  }
  return list;
}
