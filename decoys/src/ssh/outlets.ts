import type { Socket } from 'node:net';
import type { ServerChannel, SFTPWrapper } from 'ssh2';
import type { Outlet } from '../terminal/turns.ts';

/** A client may open its channel's window as far as it likes and not read its socket: what waits in either is unread. */
export function channelOutlet(channel: ServerChannel, socket: Socket): Outlet {
  return {
    get writableLength() {
      return channel.writableLength + channel.stderr.writableLength + socket.writableLength;
    },
    get destroyed() {
      return socket.destroyed || !channel.writable;
    },
  };
}

/** ssh2's SFTP stream is none of Node's, and keeps what waits for the client's window to itself. */
export function sftpOutlet(sftp: SFTPWrapper, socket: Socket): Outlet {
  const inner = sftp as unknown as { _buffer?: readonly Uint8Array[]; outgoing?: { state: string } };
  return {
    get writableLength() {
      return socket.writableLength + (inner._buffer ?? []).reduce((sum, { length }) => sum + length, 0);
    },
    get destroyed() {
      return socket.destroyed || inner.outgoing?.state !== 'open';
    },
  };
}
