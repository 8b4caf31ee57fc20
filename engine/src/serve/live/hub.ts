import type { Identity } from '@cerberusmesh/contract/api-tokens';
import { type LiveMessage, liveClose } from '@cerberusmesh/contract/live';
import type { WebSocket } from 'ws';
import type { TokenLookup } from '../authentication.ts';
import type { LiveBus } from './bus.ts';
import { createConnection, type LiveConnection } from './connection.ts';

const clientsMax = 200;

/** All clients of the live feed in this process. */
export interface LiveHub {
  /** `identity` is null where the handshake carried no token: then the first message must. */
  join(socket: WebSocket, identity: Identity | null): void;
  /** Call every 30 s: ends dead connections, unauthenticated ones, and those whose token was revoked meanwhile. */
  beat(): Promise<void>;
  readonly clients: number;
}

/** Listens to `bus` only while somebody listens to it, so that without clients a live message costs nothing. */
export function createLiveHub(options: {
  readonly bus: Pick<LiveBus, 'subscribe'>;
  readonly tokens: TokenLookup;
  readonly version: string;
  readonly onClients: (count: number) => void;
}): LiveHub {
  const { bus, tokens, version, onClients } = options;
  const connections = new Set<LiveConnection>();
  let unsubscribe: (() => void) | null = null;
  /** Without a token at the last beat; at the next one they go. */
  const strangers = new WeakSet<LiveConnection>();

  return {
    join(socket, identity) {
      const connection = createConnection(socket, { version, authenticate: (secret) => tokens.verify(secret) });
      if (connections.size >= clientsMax) return connection.close(liveClose.tooManyClients, 'too many clients');
      connections.add(connection);
      onClients(connections.size);
      socket.on('close', () => leave(connection));
      unsubscribe ??= bus.subscribe(deliver);
      if (identity !== null) connection.admit(identity);
    },
    async beat() {
      await Promise.all([...connections].map(check));
    },
    get clients() {
      return connections.size;
    },
  };

  function leave(connection: LiveConnection): void {
    connections.delete(connection);
    onClients(connections.size);
    if (connections.size > 0) return;
    unsubscribe?.();
    unsubscribe = null;
  }

  function deliver(message: LiveMessage): void {
    const json = JSON.stringify(message);
    for (const connection of connections) connection.deliver(message, json);
  }

  async function check(connection: LiveConnection): Promise<void> {
    connection.beat();
    const { identity } = connection;
    if (identity === null) {
      if (strangers.has(connection)) connection.close(liveClose.unauthenticated, 'no token was sent');
      strangers.add(connection);
      return;
    }
    // While the database is away nobody can be asked; the connection stays as it was.
    const isValid = await tokens.isValid(identity.id).catch(() => true);
    if (!isValid) connection.close(liveClose.unauthenticated, 'signed out, revoked or expired');
  }
}
