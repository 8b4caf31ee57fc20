import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import type { Ground } from '../decoy.ts';
import { addressOf } from '../door.ts';
import { openSessionEvents, type SessionEvents } from '../events/session-events.ts';
import { serveChannels } from './channels.ts';
import { type ClientHello, createHelloReader } from './client-kex.ts';
import { openHostKeys } from './host-keys.ts';
import { letIn } from './let-in.ts';

export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Listens for SSH as the persona's OpenSSH does: its banner, its algorithms in its order, its host keys. */
export async function listenSsh(ground: Ground, port: number): Promise<Listening> {
  const { settings } = ground;
  const { ssh } = ground.persona;
  const hostKeys = await openHostKeys(join(settings.folder, 'keys'), ssh.hostKeys);
  const server = new ssh2.Server(
    {
      hostKeys,
      ident: ssh.ident.replace(/^SSH-2\.0-/, ''),
      // The lists come from a persona file; names that ssh2 does not know are refused at start, and a test reads them all.
      algorithms: {
        kex: ssh.kex,
        cipher: ssh.ciphers,
        hmac: ssh.macs,
        compress: ['none', 'zlib@openssh.com'],
      } as ssh2.Algorithms,
      keepaliveInterval: 0,
    },
    (connection, info) => {
      const pending = waiting.get(`${info.ip}:${info.port}`);
      if (pending) serve(ground, connection, pending);
      else connection.end();
    },
  );
  // What a client sends is no fault of ours; each connection has its own handler.
  server.on('error', () => undefined);
  const waiting = new Map<string, Arrived>();
  const sockets = new Set<Socket>();
  const front = createServer((socket) => {
    if (!ground.door.enter(socket)) return;
    sockets.add(socket);
    socket.setNoDelay(true);
    const arrived = arrive(ground, socket);
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    waiting.set(name, arrived);
    socket.once('close', () => {
      sockets.delete(socket);
      waiting.delete(name);
      arrived.events.closed();
    });
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject);
    front.listen(port, settings.host, () => resolve());
  });
  const address = front.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A connection that came in, before it has said who it is. */
export interface Arrived {
  readonly socket: Socket;
  readonly events: SessionEvents;
  readonly sourceIp: string;
  readonly sourcePort: number;
  readonly localPort: number;
}

function arrive({ log, settings, now }: Ground, socket: Socket): Arrived {
  const sourceIp = addressOf(socket);
  const sourcePort = socket.remotePort ?? 0;
  const localPort = socket.localPort ?? 0;
  const events = openSessionEvents(
    log,
    'ssh',
    { sourceIp, sourcePort, localIp: (socket.localAddress ?? '').replace(/^::ffff:/, ''), localPort },
    now,
  );
  const readHello = createHelloReader();
  const listen = (chunk: Buffer) => {
    const hello = readHello(chunk);
    if (!hello) return;
    socket.off('data', listen);
    tellHello(events, hello);
  };
  socket.on('data', listen);
  const { graceSeconds, sessionSeconds } = settings.limits;
  const grace = setTimeout(() => socket.destroy(), graceSeconds * 1000);
  const end = setTimeout(() => socket.destroy(), sessionSeconds * 1000);
  socket.once('close', () => {
    clearTimeout(grace);
    clearTimeout(end);
  });
  socket.once('cerberus:in', () => clearTimeout(grace));
  socket.on('error', () => socket.destroy());
  return { socket, events, sourceIp, sourcePort, localPort };
}

function tellHello(events: SessionEvents, { version, kex }: ClientHello): void {
  if (version !== undefined) {
    const shown = version
      .replace(/\\/g, '\\\\')
      .replace(/[^\x20-\x7e]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
    events.tell('cowrie.client.version', { version: shown }, `Remote SSH version: ${shown}`);
  }
  if (kex) events.tell('cowrie.client.kex', { ...kex }, `SSH client hassh fingerprint: ${kex.hassh}`);
}

function serve(ground: Ground, connection: Connection, arrived: Arrived): void {
  connection.on('error', () => arrived.socket.destroy());
  letIn(ground, connection, arrived, (user) => {
    arrived.socket.emit('cerberus:in');
    serveChannels(ground, connection, arrived, user);
  });
}
