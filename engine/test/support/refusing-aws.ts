import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RefusingAws {
  readonly url: string;
  /** From now on calls of this name are refused, as AWS does where a policy does not allow them; null: none. */
  refuse(action: string | null): void;
  /** So many calls from now on are too many, whatever they ask. */
  throttle(calls: number): void;
  close(): Promise<void>;
}

const refusal = `<?xml version="1.0" encoding="UTF-8"?>
<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized.</Message></Error></Errors></Response>`;

const tooMany = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });

/** Stands before moto and refuses what it is told to. */
export async function startRefusingAws(target: string): Promise<RefusingAws> {
  let refused: string | null = null;
  let throttled = 0;
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (refused !== null && new URLSearchParams(body.toString('utf8')).get('Action') === refused) {
      return void response.writeHead(403, { 'content-type': 'text/xml' }).end(refusal);
    }
    if (throttled > 0) {
      throttled--;
      return void response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(tooMany);
    }
    const { 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const told = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    const answer = await fetch(`${target}${request.url}`, { method: 'POST', headers: told, body });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/xml' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `as`: a server that listens on a port has an address and no path.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    refuse(action) {
      refused = action;
    },
    throttle(calls) {
      throttled = calls;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
