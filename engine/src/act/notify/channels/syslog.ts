import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Channel, idOf, linesOf, type Message, severityOf, subjectOf } from '../channel.ts';

const severities: Readonly<Record<string, number>> = { CRITICAL: 10, HIGH: 8, MEDIUM: 5, LOW: 2 };
/** Facility local0; warning for all, because CEF has a severity of its own. */
const priority = 16 * 8 + 4;
const datagramBytesMax = 1400;
const messageBytesMax = 8000;

/** CEF in RFC 5424 frames: `udp://host:514`, `tcp://host:601` or `tls://host:6514` (RFC 6587's octet counting). */
export function createSyslog({ url, version }: { readonly url: string; readonly version: string }): Channel {
  const { protocol, hostname, port, host } = new URL(url);
  const to = { host: hostname, port: Number(port) };
  return {
    name: 'syslog',
    target: host,
    async send(message, signal) {
      const bytesMax = protocol === 'udp:' ? datagramBytesMax : messageBytesMax;
      const frame = Buffer.from(`<${priority}>1 ${atOf(message)} - cerberusmesh - - - ${toCef(message, version)}`);
      const cut = cutUtf8(frame, bytesMax);
      if (protocol === 'udp:') return await sendDatagram(cut, to);
      await sendStream(cut, protocol === 'tls:' ? connectTls({ ...to, servername: hostname }) : connect(to), signal);
    },
  };
}

function atOf(message: Message): string {
  return message.kind === 'notice' ? message.notice.at : message.digest.at;
}

/** Exported for its test: an attacker's text must not end a field or begin another message. */
export function toCef(message: Message, version: string): string {
  const header = ['CEF:0', 'CerberusMesh', 'CerberusMesh', version, message.kind, subjectOf(message)].map(inHeader);
  const where = message.kind === 'notice' ? message.notice.where : { address: null, sensor: null, session: null };
  const fields: Record<string, string | null> = {
    externalId: idOf(message),
    src: where.address,
    dvchost: where.sensor,
    cs1Label: 'session',
    cs1: where.session,
    msg: linesOf(message).join('\n'),
  };
  const extension = Object.entries(fields).flatMap(([key, text]) => (text === null ? [] : [`${key}=${inField(text)}`]));
  return `${header.join('|')}|${severities[severityOf(message)] ?? 0}|${extension.join(' ')}`;
}

function inHeader(text: string): string {
  return text.replace(/[\\|]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

function inField(text: string): string {
  return text.replace(/[\\=]/g, '\\$&').replace(/\r?\n|\r/g, '\\n');
}

/** Not in the middle of a character. */
function cutUtf8(bytes: Buffer, bytesMax: number): Buffer {
  if (bytes.length <= bytesMax) return bytes;
  let end = bytesMax;
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}

async function sendDatagram(bytes: Buffer, { host, port }: { host: string; port: number }): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.send(bytes, port, host.replace(/^\[|\]$/g, ''), (error) => (error ? reject(error) : resolve()));
    });
  } finally {
    socket.close();
  }
}

async function sendStream(bytes: Buffer, socket: Socket, signal: AbortSignal): Promise<void> {
  const abort = () => socket.destroy(new Error('no answer in time'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    socket.end(Buffer.concat([Buffer.from(`${bytes.length} `), bytes]));
    // Read to the end, or the other side's goodbye never comes.
    socket.resume();
    await once(socket, 'close');
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}
