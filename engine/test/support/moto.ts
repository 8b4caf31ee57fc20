import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';

export interface Moto {
  readonly url: string;
  stop(): Promise<void>;
}

/** A server that speaks AWS's protocols and keeps its state in memory. Made by `npm test` (scripts/test-parts.mjs). */
export async function startMoto(): Promise<Moto> {
  // biome-ignore lint/style/noProcessEnv: the one place where a test is told where moto is.
  const given = process.env['CERBERUS_TEST_MOTO'];
  const place = given ?? fileURLToPath(new URL('../../../.test-parts/moto', import.meta.url));
  const port = await freePort();
  const child = spawn(`${place}/bin/moto_server`, ['-H', '127.0.0.1', '-p', String(port)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  child.once('exit', () => process.removeListener('exit', killAtExit));
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      if (chunk.toString('utf8').includes('Running on')) ready.resolve();
    });
  }
  child.once('error', ready.reject);
  child.once('exit', (code) => ready.reject(new Error(`moto ended with ${code}; npm test installs it`)));
  await ready.promise;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      await gone;
    },
  };
}
