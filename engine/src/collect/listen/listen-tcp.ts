import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { RawLine } from '@cerberusmesh/contract/raw-line';
import type { LineInbox } from '../line-inbox.ts';

/** Cuts what one connection sends into lines; one for each connection. */
export interface Framing {
  push(chunk: Buffer): readonly RawLine[];
  /** The connection ended: what stood after the last line. */
  end(): readonly RawLine[];
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Each may hold one unfinished line in memory. */
const connectionsMax = 64;
const keepAliveMs = 60_000;

/** Takes lines of whoever may send until `signal` aborts. Rejects where it cannot listen. @returns the port. */
export async function listenTcp(options: {
  readonly address: Address;
  readonly mayConnect: (address: string | undefined) => boolean;
  readonly frame: () => Framing;
  readonly inbox: LineInbox;
  readonly signal: AbortSignal;
}): Promise<{ readonly port: number; readonly closed: Promise<unknown> }> {
  const { address, mayConnect, frame, inbox, signal } = options;
  const sockets = new Set<Socket>();
  const server = createServer({ keepAlive: true, keepAliveInitialDelay: keepAliveMs }, (socket) => {
    if (!mayConnect(socket.remoteAddress)) return void socket.destroy();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A sender that resets its connection has said all that it will say.
    socket.on('error', () => undefined);
    void take(socket);
  });
  server.maxConnections = connectionsMax;
  server.listen(address.port, address.host);
  await once(server, 'listening', { signal });
  // Of single connections that could not be taken; the next ones can.
  server.on('error', () => undefined);
  const closed = once(server, 'close');
  signal.addEventListener('abort', () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const bound = server.address();
  return { port: typeof bound === 'object' && bound !== null ? bound.port : address.port, closed };

  async function take(socket: Socket): Promise<void> {
    const framing = frame();
    try {
      for await (const chunk of socket) {
        // A socket that is not read from makes its sender wait.
        if (!inbox.offer(framing.push(chunk))) await inbox.room();
      }
    } catch {
      // Told by `error`; what came until then counts.
    }
    inbox.offer(framing.end());
  }
}
