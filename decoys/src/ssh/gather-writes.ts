import type { Socket } from 'node:net';

/**
 * Lets all that is written within one turn of the event loop go out as one segment, as OpenSSH's server does. ssh2 writes a packet in
 * three parts (length, body, code), each a system call and, on the wire, a segment that no real server sends.
 */
export function gatherWrites(socket: Socket): void {
  // Node's own overloads of `write`; all of them are passed on as they come.
  const write = socket.write.bind(socket) as (...all: unknown[]) => boolean;
  let isGathering = false;
  socket.write = (...all: unknown[]) => {
    if (!isGathering) {
      isGathering = true;
      socket.cork();
      process.nextTick(() => {
        isGathering = false;
        socket.uncork();
      });
    }
    return write(...all);
  };
}
