import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Client } from 'ssh2';
import { type ShellTerminal, terminalOf } from '../act/cowrie/shell-visit.ts';
import type { Visit } from './campaign.ts';
import { type Door, type Limits, originOf, type Played, typeAll } from './played.ts';

export interface SshGuest {
  readonly localPort: number;
  /** Null where no login was taken. */
  readonly shell: ShellTerminal | null;
  leave(): Promise<void>;
}

/** Plays one visit: its logins on one connection, then its commands in a shell, as a person or a script pastes them. */
export async function playSsh(door: Door, visit: Visit, limits: Limits): Promise<Played> {
  const guest = await enterBySsh(door, visit, limits.signal);
  const { shell, localPort } = guest;
  const commands = shell === null ? 0 : await typeAll(visit.commands, shell.type, limits);
  await guest.leave();
  return { localPort, loggedIn: shell !== null, commands };
}

/** Tries the logins one after the other. Rejects where nothing listens, or `signal` aborts. */
export async function enterBySsh(
  door: Door,
  { client: ident, logins }: Pick<Visit, 'client' | 'logins'>,
  signal: AbortSignal,
): Promise<SshGuest> {
  const socket = connect({ host: door.address, port: door.port, signal, ...originOf(door) });
  await once(socket, 'connect');
  const localPort = socket.localPort ?? 0;
  const client = new Client();
  const loggedIn = await new Promise<boolean>((resolve) => {
    client.once('ready', () => resolve(true));
    client.once('error', () => resolve(false));
    client.once('close', () => resolve(false));
    client.connect({
      sock: socket,
      ...(ident === null ? {} : { ident }),
      username: logins[0]?.username ?? 'root',
      authHandler: logins.map(({ username, password }) => ({ type: 'password', username, password })),
      readyTimeout: 30_000,
    });
  });
  // What ends later shows where the next line is typed.
  client.on('error', () => undefined);
  const shell = loggedIn ? await terminalOf(client, signal) : null;
  return { localPort, shell, leave: () => leave(client, socket) };
}

async function leave(client: Client, socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = once(socket, 'close').catch(() => undefined);
  client.end();
  const late = setTimeout(() => socket.destroy(), 2_000);
  await closed;
  clearTimeout(late);
}
