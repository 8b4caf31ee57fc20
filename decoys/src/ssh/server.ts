import { createRequire } from 'node:module';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Connection } from 'ssh2';
import { type Arrived, arrive } from '../arrive.ts';
import type { Ground } from '../decoy.ts';
import type { SessionEvents } from '../events/session-events.ts';
import { type Listening, listen } from '../listen.ts';
import { serveChannels } from './channels.ts';
import { type ClientHello, createHelloReader } from './client-kex.ts';
import { gatherWrites } from './gather-writes.ts';
import { openHostKeys } from './host-keys.ts';
import { letIn } from './let-in.ts';
import { refuseGreeting } from './refuse-greeting.ts';

/** Listens for SSH as the persona's OpenSSH does: its banner, its algorithms in its order, its host keys. */
export async function listenSsh(ground: Ground, port: number): Promise<Listening> {
  const { settings } = ground;
  const { ssh } = ground.persona;
  const isDropbear = ground.persona.os.family === 'busybox';
  if (isDropbear) allowGuessing();
  const hostKeys = await openHostKeys(join(settings.folder, 'keys'), ssh.hostKeys);
  const server = new ssh2.Server(
    {
      hostKeys,
      ident: ssh.ident.replace(/^SSH-2\.0-/, ''),
      // The lists come from a persona file; names that ssh2 does not know are refused at start, and a test reads them all.
      algorithms: {
        kex: ssh.kex,
        ...(isDropbear ? { serverHostKey: dropbearHostKeys } : {}),
        cipher: ssh.ciphers,
        hmac: ssh.macs,
        // OpenWrt builds its dropbear without zlib.
        compress: isDropbear ? ['none'] : ['none', 'zlib@openssh.com'],
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
  const front = createServer((socket) => {
    if (!ground.door.enter(socket)) return;
    socket.setNoDelay(true);
    gatherWrites(socket);
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    waiting.set(name, arriveBySsh(ground, socket));
    socket.once('close', () => waiting.delete(name));
    server.injectSocket(socket);
  });
  return await listen(front, port, settings.host, settings.proxies);
}

/** dropbear signs with SHA-256 or SHA-1 by an RSA key, never with SHA-512. */
const dropbearHostKeys = ['ssh-ed25519', 'rsa-sha2-256', 'ssh-rsa'];

/** No exchange: dropbear says by this name that it may guess one, and a client that it may too. None that we meet guesses. */
const guessing = 'kexguess2@matt.ucc.asn.au';

/** ssh2 refuses a list with a name that it does not know; it is asked for its own list of those, before the server is made. */
function allowGuessing(): void {
  // ssh2 has no types for this file: names of algorithms.
  const { SUPPORTED_KEX: known } = createRequire(import.meta.url)('ssh2/lib/protocol/constants.js') as {
    SUPPORTED_KEX: string[];
  };
  if (!known.includes(guessing)) known.push(guessing);
}

function arriveBySsh(ground: Ground, socket: Socket): Arrived {
  const arrived = arrive(ground, socket, 'ssh');
  const readHello = createHelloReader();
  let isFirst = true;
  const hear = (chunk: Buffer) => {
    const refusal = isFirst ? refuseGreeting(chunk) : undefined;
    isFirst = false;
    // Before ssh2 hears of it, which would close without a word.
    if (refusal !== undefined) socket.end(refusal);
    const hello = readHello(chunk);
    if (!hello) return;
    socket.off('data', hear);
    tellHello(arrived.events, hello);
  };
  socket.on('data', hear);
  return arrived;
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
  letIn(ground, connection, arrived, (login) => {
    arrived.entered();
    serveChannels(ground, connection, arrived, login);
  });
}
