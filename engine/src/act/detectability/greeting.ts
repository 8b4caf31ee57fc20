import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import type { VisitFrom } from './own-visits.ts';

/** What a server offers before anybody logs in. */
export interface Offer {
  readonly kex: readonly string[];
  readonly hostKeys: readonly string[];
  readonly ciphers: readonly string[];
  readonly macs: readonly string[];
  readonly compression: readonly string[];
}

export interface Greeting {
  /** `SSH-2.0-OpenSSH_9.2p1 Debian-2`; empty where none came. */
  readonly ident: string;
  readonly offer: Offer | null;
  /** What came after the identification when we spoke HTTP, and when we spoke SSH 1.5. */
  readonly onHttp: string;
  readonly onOldVersion: string;
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** Told where each connection comes from, before a word is said. */
export type OnVisit = (from: VisitFrom) => void;

const answerBytesMax = 64 * 1024;
const silentMs = 4_000;

/** Says hello in three ways and listens. Rejects where nothing can be reached, or nobody says a word. */
export async function hearGreeting(
  place: Place,
  signal: AbortSignal,
  onVisit: OnVisit = () => undefined,
): Promise<Greeting> {
  const say = { place, signal, onVisit };
  const proper = await converse(say, 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n', hasWholePacket);
  // Whatever is not said gives nothing away: silence would pass for the best of honeypots.
  if (proper.length === 0) throw new Error('nothing answers there as an SSH server does.');
  const http = await converse(say, 'GET / HTTP/1.0\r\n\r\n');
  const old = await converse(say, 'SSH-1.5-OpenSSH_2.1\r\n');
  return {
    ident: firstLine(proper),
    offer: readOffer(proper.subarray(proper.indexOf(0x0a) + 1)),
    onHttp: afterFirstLine(http),
    onOldVersion: afterFirstLine(old),
  };
}

/** As ssh-keygen shows it. */
export function fingerprintOf(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** Everything that comes until the server closes, is silent, or `isEnough`. */
function converse(
  { place, signal, onVisit }: { readonly place: Place; readonly signal: AbortSignal; readonly onVisit: OnVisit },
  words: string,
  isEnough: (bytes: Buffer) => boolean = () => false,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host: place.host, port: place.port });
    let heard: Buffer = Buffer.alloc(0);
    const end = () => {
      signal.removeEventListener('abort', end);
      socket.destroy();
      resolve(heard);
    };
    signal.addEventListener('abort', end, { once: true });
    socket.setTimeout(silentMs, end);
    socket.once('connect', () => {
      onVisit({ address: socket.localAddress ?? '', port: socket.localPort ?? 0 });
      socket.write(words);
    });
    socket.on('data', (bytes: Buffer) => {
      heard = Buffer.concat([heard, bytes]);
      if (heard.length > answerBytesMax || isEnough(heard)) end();
    });
    socket.once('close', end);
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (heard.length > 0 || error.code === 'ECONNRESET') return end();
      signal.removeEventListener('abort', end);
      reject(error);
    });
  });
}

function hasWholePacket(bytes: Buffer): boolean {
  const packet = bytes.subarray(bytes.indexOf(0x0a) + 1);
  return bytes.includes(0x0a) && packet.length >= 4 && packet.length >= packet.readUInt32BE(0) + 4;
}

function firstLine(bytes: Buffer): string {
  return bytes.toString('latin1').split('\n', 1)[0]?.replace(/\r$/, '') ?? '';
}

function afterFirstLine(bytes: Buffer): string {
  const at = bytes.indexOf(0x0a);
  return at < 0 ? '' : bytes.toString('latin1', at + 1);
}

/** The name lists of SSH_MSG_KEXINIT (RFC 4253, 7.1). */
function readOffer(packet: Buffer): Offer | null {
  if (packet.length < 26 || packet[5] !== 20) return null;
  const lists: string[][] = [];
  let at = 22;
  while (lists.length < 8) {
    if (at + 4 > packet.length) return null;
    const length = packet.readUInt32BE(at);
    if (at + 4 + length > packet.length) return null;
    lists.push(packet.toString('latin1', at + 4, at + 4 + length).split(','));
    at += 4 + length;
  }
  const [kex = [], hostKeys = [], , ciphers = [], , macs = [], , compression = []] = lists;
  return { kex, hostKeys, ciphers, macs, compression };
}
