import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpSink {
  readonly url: string;
  readonly taken: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** From now on it answers with this status; only what gets 2xx is taken. */
  status(code: number): void;
  close(): Promise<void>;
}

/** A server on loopback that keeps what is posted to it. */
export async function startHttpSink(): Promise<HttpSink> {
  let code = 200;
  const taken: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (code < 300) taken.push({ headers: request.headers, body });
    response.writeHead(code, code === 302 ? { location: 'http://127.0.0.1:1/' } : {});
    response.end('ok');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on a port has an address and no path.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    taken,
    status(next) {
      code = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
