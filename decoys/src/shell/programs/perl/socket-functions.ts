import type { BuiltInCall, BuiltIns } from './built-ins.ts';
import { failWith, type Runtime } from './runtime.ts';
import { type Scalar, textOf } from './values.ts';

/** The network as a firewall leaves it that lets nothing out. */
export const socketFunctions: BuiltIns = {
  socket: () => 1,
  setsockopt: () => 1,
  bind: () => 1,
  listen: () => 1,
  shutdown: () => 1,
  connect: async (call) => refuse(call.runtime, addressIn(await addressOf(call))),
  accept: ({ runtime }) => failWith(runtime, 'EINVAL'),
  send: ({ runtime }) => failWith(runtime, 'EBADF'),
  recv: ({ runtime }) => failWith(runtime, 'EBADF'),
  gethostbyname: async ({ value }) => addressBytes(textOf(await value())),
  gethostbyaddr: () => undefined,
  getprotobyname: async ({ value }) => ({ tcp: 6, udp: 17, icmp: 1 })[textOf(await value())],
};

async function addressOf({ args, runtime, scope }: BuiltInCall): Promise<Scalar> {
  const [, node] = args;
  return node && (await runtime.scalar(node, scope));
}

/** The four bytes of an address; a name that only a server could tell has none. */
export function addressBytes(host: string): Scalar {
  if (host === 'localhost') return '\x7f\0\0\x01';
  const parts = host.split('.').map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part < 256))) return undefined;
  return String.fromCharCode(...parts);
}

/** What `sockaddr_in` made: two bytes of the family, two of the port, four of the address. */
export function packAddress(port: number, address: string): string {
  return `\x02\0${String.fromCharCode((port >> 8) & 0xff, port & 0xff)}${address}\0\0\0\0\0\0\0\0`;
}

function addressIn(packed: Scalar): string {
  return [...textOf(packed).slice(4, 8)].map((byte) => byte.charCodeAt(0)).join('.');
}

/** Nobody listens here, and nothing is let out. */
export function refuse(runtime: Runtime, host: string): '' {
  failWith(runtime, /^(?:127\.|localhost$|0\.0\.0\.0$|$)/.test(host) ? 'ECONNREFUSED' : 'EHOSTUNREACH');
  return '';
}
