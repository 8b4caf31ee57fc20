import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readUsage } from './child.ts';
import { startUp } from './start-up.ts';

/**
 * Claim: from the command to "is up", decoy included, at most 3 s with a database that is there. Measured from outside, from the
 * spawn of `cerberus up` to its sentence, looked for every 10 ms; each start is ended in order before the next. The files are then
 * in the system's cache and the compiled code in ours, as at every start but the first after an update. It takes both of two
 * cores nearly whole, so beside other work it tells of that: `load` says so, and `ownCpuSeconds` tells starts apart even then.
 */
export async function benchStart({ starts = 7 }: { readonly starts?: number } = {}): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), 'cerberus-bench-start-'));
  const env = {
    CERBERUS_DATA_DIR: dataDir,
    COWRIE_LOG_PATH: join(dataDir, 'cowrie.json'),
    PORT: '0',
    CERBERUS_DECOY_SSH_PORT: '0',
    CERBERUS_DECOY_TELNET_PORT: '0',
    CERBERUS_DECOY_HTTP_PORT: '0',
  };
  try {
    // The first one makes the database, the second fills the compile caches.
    const [first] = [await measureStart(env), await measureStart(env)];
    const measured = [];
    for (let i = 0; i < starts; i++) measured.push(await measureStart(env));
    const seconds = measured.map((each) => each.seconds).sort((a, b) => a - b);
    return {
      firstStartSeconds: first.seconds,
      readySeconds: { p50: seconds[Math.floor(starts / 2)], best: seconds[0], worst: seconds.at(-1) },
      ownCpuSeconds: measured.map((each) => each.cpuSeconds).sort((a, b) => a - b)[Math.floor(starts / 2)],
      // Processes that wanted a core meanwhile: above the number of cores, the times are the machine's and not ours.
      load: loadavg()[0],
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measureStart(env: Record<string, string>) {
  const began = performance.now();
  const up = await startUp(env);
  const seconds = Number(((performance.now() - began) / 1000).toFixed(2));
  const cpuSeconds = readUsage(up.pid)?.cpuSeconds ?? 0;
  await up.stop();
  return { seconds, cpuSeconds };
}
