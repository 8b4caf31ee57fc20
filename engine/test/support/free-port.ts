import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below what the system itself hands out (from 32,768 on Linux): a port from there may be somebody's outgoing connection
 * before the server that is to have it starts, which failed one run of thousands of tests.
 */
const firstPort = 12_000;
const portsEach = 1_200;
// biome-ignore lint/style/noProcessEnv: the test runner's own, which says which worker this is, and no setting of ours.
const worker = Number(process.env['VITEST_POOL_ID'] ?? 0) % 16;
/** Every worker of a run has its own ports, so that two test files at once are never given the same. */
const ours = firstPort + worker * portsEach;
/** Not from the first again in each test file: what the last file listened on may still be closing. */
let next = process.pid % portsEach;

/**
 * A port on loopback that nobody listens on, and that is given to nobody else meanwhile.
 *
 * @throws where each of this worker's ports is taken
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < portsEach; tried++) {
    const port = ours + next;
    next = (next + 1) % portsEach;
    if (await isFree(port)) return port;
  }
  throw new Error(`Nothing is free from port ${ours} to ${ours + portsEach - 1}.`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const listens = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  if (!listens) return false;
  server.close();
  await once(server, 'close');
  return true;
}
