import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { reasonOf } from '../../kit/reason-of.ts';
import { createLineInbox, type LineInbox } from '../line-inbox.ts';
import { createAllowedSenders } from '../listen/allowed-senders.ts';
import { type Address, listenTcp } from '../listen/listen-tcp.ts';
import type { ListenOptions } from '../listen/socketlog.ts';
import type { Source } from '../source.ts';
import { frameSyslog } from './frame-syslog.ts';
import { toLine } from './to-line.ts';

const againMs = 5_000;

/** Syslog on one port, UDP and TCP. Over UDP nobody waits: what does not fit is lost, and counted. */
export function createSyslog(options: ListenOptions): Source {
  const { sourceId, clock, signal } = options;
  const inbox = createLineInbox();
  const mayConnect = createAllowedSenders(options.from);
  let problem: string | undefined = 'It does not listen yet.';
  let lost = 0;

  return {
    state() {
      const said =
        problem ??
        (lost > 0
          ? `${lost} messages over UDP came faster than they could be stored, and are lost; use TCP.`
          : undefined);
      return {
        active: problem === undefined,
        unreadBytes: inbox.unreadBytes,
        ...(said === undefined ? {} : { problem: said }),
      };
    },
    async *batches() {
      const listening = listen();
      yield* inbox.batches(sourceId, signal);
      await listening;
    },
  };

  async function listen(): Promise<void> {
    while (!signal.aborted) {
      const round = new AbortController();
      const until = AbortSignal.any([signal, round.signal]);
      const { address } = options;
      try {
        const frame = () => frameSyslog((bytes, covered) => toLine(bytes, covered, 'tcp', clock.now()));
        const { port, closed } = await listenTcp({ address, mayConnect, frame, inbox, signal: until });
        const udp = await listenUdp({ ...address, port }, until);
        problem = undefined;
        options.onListening?.(port);
        await Promise.all([closed, udp]);
      } catch (error) {
        problem = `${address.host}:${address.port} cannot be listened on (${reasonOf(error)}); free it, or set CERBERUS_SYSLOG_LISTEN to another one.`;
        round.abort();
        await clock.sleep(againMs, signal);
      }
    }
  }

  async function listenUdp({ host, port }: Address, until: AbortSignal): Promise<{ closed: Promise<unknown> }> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', recvBufferSize: 4 * 1024 * 1024 });
    socket.on('message', (bytes, { address }) => {
      if (mayConnect(address)) take(inbox, bytes, address);
    });
    socket.bind(port, host);
    await once(socket, 'listening', { signal: until });
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    until.addEventListener('abort', () => socket.close(), { once: true });
    return { closed };
  }

  function take(into: LineInbox, bytes: Buffer, sender: string): void {
    if (into.unreadBytes > udpBytesMax) lost++;
    else into.offer([toLine(withoutEnd(bytes), bytes.length, sender, clock.now())]);
  }
}

/** Below the inbox's own bound, so that a flood over UDP leaves room for those who can wait. */
const udpBytesMax = 8 * 1024 * 1024;

/** Python ends a datagram by a newline and NUL. */
function withoutEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 10 || bytes[end - 1] === 13)) end--;
  return bytes.subarray(0, end);
}
