import { randomBytes } from 'node:crypto';
import type { EventLog } from './event-log.ts';

export interface Peer {
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly localIp: string;
  readonly localPort: number;
}

/** The events of one connection, each with the fields that say which. */
export interface SessionEvents {
  readonly id: string;
  readonly tell: (eventid: string, fields: Readonly<Record<string, unknown>>, message: string) => void;
  readonly closed: () => void;
}

/** What is told of one visit, under an id of its own, as Cowrie tells it; its end is told once, however often it is closed. */
export function openSessionEvents(
  log: EventLog,
  protocol: 'ssh' | 'telnet' | 'http',
  peer: Peer,
  nowMs: () => number,
): SessionEvents {
  const id = randomBytes(6).toString('hex');
  const startedMs = nowMs();
  let isClosed = false;
  const common = {
    session: id,
    protocol,
    src_ip: peer.sourceIp,
    src_port: peer.sourcePort,
    dst_ip: peer.localIp,
    dst_port: peer.localPort,
  };
  tell(
    'cowrie.session.connect',
    {},
    `New connection: ${peer.sourceIp}:${peer.sourcePort} (${peer.localIp}:${peer.localPort}) [session: ${id}]`,
  );
  return {
    id,
    tell,
    closed() {
      if (isClosed) return;
      const durationMs = Math.round(nowMs() - startedMs);
      tell(
        'cowrie.session.closed',
        { duration_ms: durationMs },
        `Connection lost after ${(durationMs / 1000).toFixed(1)} seconds`,
      );
      isClosed = true;
    },
  };

  function tell(eventid: string, fields: Readonly<Record<string, unknown>>, message: string): void {
    log.write({ ...common, ...fields, eventid, message, ...(isClosed ? { late: true } : {}) });
  }
}

/** As Cowrie writes what came over the wire: bytes that cannot be printed as `\xNN`, a backslash doubled. */
export function printable(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) =>
      byte === 0x5c
        ? '\\\\'
        : byte >= 0x20 && byte <= 0x7e
          ? String.fromCharCode(byte)
          : `\\x${byte.toString(16).padStart(2, '0')}`,
    )
    .join('');
}
