import { isIP, SocketAddress } from 'node:net';

/** `bytes` of the stream are the header's. `client` is null where the proxy speaks for itself, as in a health check. */
export interface ProxyHeader {
  readonly bytes: number;
  readonly client: { readonly address: string; readonly port: number } | null;
}

const signature = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]);
const textStart = Buffer.from('PROXY ');
/** The longest line that version 1 knows, and more than any list of extensions that a proxy sends with version 2. */
const textBytesMax = 107;
const binaryBytesMax = 4096;
const binaryHeadBytes = 16;

/** Reads a header of the PROXY protocol, version 1 or 2. @returns `more` while it may become one, undefined where it never can. */
export function readProxyHeader(head: Buffer): ProxyHeader | 'more' | undefined {
  if (startsLike(head, signature)) return head.length < binaryHeadBytes ? 'more' : readBinary(head);
  if (startsLike(head, textStart)) return readText(head);
  return undefined;
}

function startsLike(head: Buffer, start: Buffer): boolean {
  const length = Math.min(head.length, start.length);
  return head.subarray(0, length).equals(start.subarray(0, length));
}

function readText(head: Buffer): ProxyHeader | 'more' | undefined {
  const end = head.subarray(0, textBytesMax).indexOf('\r\n');
  if (end < 0) return head.length < textBytesMax ? 'more' : undefined;
  const [, family, source = '', , port = ''] = head.toString('latin1', 0, end).split(' ');
  const bytes = end + 2;
  if (family === 'UNKNOWN') return { bytes, client: null };
  const isRight = isIP(source) === (family === 'TCP4' ? 4 : 6) && /^\d{1,5}$/.test(port) && Number(port) <= 65_535;
  if ((family !== 'TCP4' && family !== 'TCP6') || !isRight) return undefined;
  return { bytes, client: { address: source, port: Number(port) } };
}

function readBinary(head: Buffer): ProxyHeader | 'more' | undefined {
  const command = head.readUInt8(12);
  const family = head.readUInt8(13);
  const length = head.readUInt16BE(14);
  if (command >> 4 !== 2 || (command & 0x0f) > 1 || length > binaryBytesMax) return undefined;
  const bytes = binaryHeadBytes + length;
  if (head.length < bytes) return 'more';
  // LOCAL, or a kind of address that no visitor of ours can have.
  if ((command & 0x0f) === 0 || (family !== 0x11 && family !== 0x21)) return { bytes, client: null };
  const addressBytes = family === 0x11 ? 4 : 16;
  if (length < 2 * addressBytes + 4) return undefined;
  const address = addressOf(head.subarray(binaryHeadBytes, binaryHeadBytes + addressBytes));
  return { bytes, client: { address, port: head.readUInt16BE(binaryHeadBytes + 2 * addressBytes) } };
}

/** An IPv4 address is written as such, also where it comes as IPv6. */
function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address.replace(/^::ffff:(?=\d+\.)/, '');
}
