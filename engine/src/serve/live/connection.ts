import type { Identity } from '@cerberusmesh/contract/api-tokens';
import { ClientMessage, type ConnectionMessage, type LiveMessage, liveClose } from '@cerberusmesh/contract/live';
import type { StoredSeverity } from '@cerberusmesh/contract/severity';
import type { WebSocket } from 'ws';
import { createOutbox } from './outbox.ts';

/** One client of the live feed, from its handshake to its end. */
export interface LiveConnection {
  /** Null until it has said a good token. */
  readonly identity: Identity | null;
  admit(identity: Identity): void;
  deliver(message: LiveMessage, json: string): void;
  /** Sends a ping, or ends a connection that did not answer the last one. */
  beat(): void;
  close(code: number, reason: string): void;
}

export interface ConnectionHandlers {
  readonly version: string;
  /** The first message of a client that could not set a header. */
  authenticate(secret: string): Promise<Identity | undefined>;
}

/**
 * One client of the live feed: it hears nothing before its token is known, and is let go when it takes too slowly or
 * stays silent.
 */
export function createConnection(socket: WebSocket, handlers: ConnectionHandlers): LiveConnection {
  const outbox = createOutbox(socket);
  let identity: Identity | null = null;
  let severities: ReadonlySet<StoredSeverity> = new Set();
  let isAlive = true;
  let hasTriedToken = false;

  socket.on('pong', () => {
    isAlive = true;
  });
  socket.on('message', (raw, isBinary) => {
    receive(isBinary ? undefined : parseMessage(String(raw))).catch(() => close(1011, 'try again'));
  });
  // Without a listener a broken connection would end the process.
  socket.on('error', () => socket.terminate());

  return {
    get identity() {
      return identity;
    },
    admit,
    deliver(message, json) {
      if (identity !== null && wants(message)) outbox.add(json);
    },
    beat() {
      if (!isAlive) return socket.terminate();
      isAlive = false;
      socket.ping();
    },
    close,
  };

  function admit(who: Identity): void {
    identity = who;
    say({ type: 'hello', role: who.role, name: who.name, version: handlers.version });
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason);
  }

  function say(message: ConnectionMessage): void {
    outbox.add(JSON.stringify(message));
  }

  async function receive(message: ClientMessage | undefined): Promise<void> {
    if (message === undefined) return close(liveClose.badMessage, 'not a message of this protocol');
    if (message.type === 'filter') {
      severities = new Set(message.severity);
      return say({ type: 'filter', severity: message.severity });
    }
    // One try: guessing, or asking again and again, would make the database work for a stranger.
    if (hasTriedToken || identity !== null) return close(liveClose.badMessage, 'a token was sent before');
    hasTriedToken = true;
    const who = await handlers.authenticate(message.token);
    if (who === undefined) return close(liveClose.unauthenticated, 'unknown, expired or revoked token');
    admit(who);
  }

  function wants(message: LiveMessage): boolean {
    if (message.type !== 'event' || severities.size === 0) return true;
    return [...severities].some((severity) => severity === message.event.severity);
  }
}

function parseMessage(text: string): ClientMessage | undefined {
  try {
    return ClientMessage.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
