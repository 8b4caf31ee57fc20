import type { Connection } from 'ssh2';
import type { SessionEvents } from '../events/session-events.ts';

const repliesMax = 20;
const shownBytesMax = 4096;

/** A visitor who wants to go on through us is let in, heard and answered, and nothing ever leaves this process. */
export function answerTunnels(connection: Connection, events: SessionEvents): void {
  let last = 0;
  connection.on('tcpip', (accept, reject, { destIP, destPort, srcIP, srcPort }) => {
    const target = { dst_ip: destIP, dst_port: destPort };
    events.tell(
      'cowrie.direct-tcpip.request',
      { ...target, orig_ip: srcIP, orig_port: srcPort },
      `direct-tcp connection request to ${destIP}:${destPort} from ${srcIP}:${srcPort}`,
    );
    if (last >= repliesMax) return void reject();
    const id = last++;
    const channel = accept();
    let heard = 0;
    channel.on('data', (bytes: Buffer) => {
      const text = pythonBytes(bytes.subarray(0, shownBytesMax));
      if (heard++ < repliesMax)
        events.tell(
          'cowrie.direct-tcpip.data',
          { ...target, data: text, id },
          `discarded direct-tcp forward request ${id} to ${destIP}:${destPort} with data ${text}`,
        );
      // A web server behind a gateway that is down: what a proxy says, so that a checker for open relays finds none.
      if (/^(?:GET|POST|HEAD|PUT) /.test(bytes.toString('latin1', 0, 8)))
        channel.write('HTTP/1.1 502 Bad Gateway\r\nServer: nginx\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      if (heard >= repliesMax) channel.end();
    });
    channel.on('error', () => channel.destroy());
    channel.on('end', () => channel.end());
  });
}

/** As Cowrie writes it: Python's way to show bytes. */
function pythonBytes(bytes: Buffer): string {
  const shown = [...bytes].map((byte) => {
    if (byte === 0x0a) return '\\n';
    if (byte === 0x0d) return '\\r';
    if (byte === 0x09) return '\\t';
    if (byte === 0x5c) return '\\\\';
    if (byte === 0x27) return "\\'";
    return byte >= 0x20 && byte <= 0x7e ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  });
  return `b'${shown.join('')}'`;
}
