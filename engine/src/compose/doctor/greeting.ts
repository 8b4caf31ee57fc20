import { createConnection } from 'node:net';

const timeoutMs = 3_000;

/** The first bytes that a server sends to whoever connects. Rejects where it cannot be reached, or says nothing for 3 s. */
export async function greetingOf(host: string, port: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = createConnection({ host, port, timeout: timeoutMs });
  socket.once('data', (bytes) => resolve(bytes.toString('latin1', 0, 255)));
  socket.once('timeout', () => reject(new Error(`it says nothing for ${timeoutMs / 1000} s`)));
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('it closed the connection')));
  return await promise.finally(() => socket.destroy());
}
