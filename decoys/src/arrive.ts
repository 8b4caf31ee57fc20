import type { Socket } from 'node:net';
import type { Ground } from './decoy.ts';
import { addressOf } from './door.ts';
import { openSessionEvents, type SessionEvents } from './events/session-events.ts';

/** A connection that came in, before it has said who it is. */
export interface Arrived {
  readonly socket: Socket;
  readonly events: SessionEvents;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly localPort: number;
  /** It has logged in: the time for that is no longer counted. */
  readonly entered: () => void;
}

/** Begins the log of a connection and its clocks: so long to log in, so long in all. */
export function arrive({ log, settings, now }: Ground, socket: Socket, protocol: 'ssh' | 'telnet' | 'http'): Arrived {
  const sourceIp = addressOf(socket);
  const sourcePort = socket.remotePort ?? 0;
  const localPort = socket.localPort ?? 0;
  const localIp = (socket.localAddress ?? '').replace(/^::ffff:/, '');
  const events = openSessionEvents(log, protocol, { sourceIp, sourcePort, localIp, localPort }, now);
  const { graceSeconds, sessionSeconds } = settings.limits;
  const grace = setTimeout(() => socket.destroy(), graceSeconds * 1000);
  const end = setTimeout(() => socket.destroy(), sessionSeconds * 1000);
  socket.once('close', () => {
    clearTimeout(grace);
    clearTimeout(end);
    events.closed();
  });
  socket.on('error', () => socket.destroy());
  return { socket, events, sourceIp, sourcePort, localPort, entered: () => clearTimeout(grace) };
}
