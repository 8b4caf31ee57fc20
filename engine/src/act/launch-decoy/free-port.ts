import { once } from 'node:events';
import { createServer } from 'node:net';

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The first port of the range that nobody listens on and that is in nobody's plan. Throws where there is none. */
export async function findFreePort(
  host: string,
  { first, last }: PortRange,
  taken: ReadonlySet<number>,
): Promise<number> {
  for (let port = first; port <= last; port++) {
    if (!taken.has(port) && (await isFree(host, port))) return port;
  }
  throw new Error(`All ports from ${first} to ${last} on ${host} are taken; widen CERBERUS_LAUNCH_PORTS.`);
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
