import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBases } from './container-bases.ts';
import { attack, root, run, until, untilOnApi } from './support.ts';

const secondsMax = 180;

/**
 * Claim: from a clean clone in a fresh Debian with Node, `npm start` alone leads to the first attack on the API within three minutes,
 * where npm's cache is warm. Needs root and podman.
 */
export async function proveFreshStart(): Promise<object> {
  const base = ensureBases().get('node:24-bookworm-slim') ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-fresh-'));
  const name = `cerberus-fresh-${process.pid}`;
  const clone = join(folder, 'clone');
  try {
    run('git', ['clone', '--quiet', root, clone]);
    const cache = run('npm', ['config', 'get', 'cache']).trim();
    const ports = ['PORT', 'CERBERUS_DECOY_SSH_PORT', 'CERBERUS_DECOY_TELNET_PORT', 'CERBERUS_DECOY_HTTP_PORT'];
    const env = ports.flatMap((port) => ['--env', `${port}=0`]);
    const volumes = ['--volume', `${clone}:/cerberusmesh`, '--volume', `${cache}:/root/.npm`];
    const began = performance.now();
    const since = () => Number(((performance.now() - began) / 1000).toFixed(1));
    // Its network is ours, so that the attack comes to its loopback.
    const where = ['--network=host', '--workdir=/cerberusmesh', base];
    run('podman', ['run', '--detach', '--name', name, ...env, ...volumes, ...where, 'npm', 'start']);
    const said = () => run('podman', ['logs', name], { stdio: ['ignore', 'pipe', 'ignore'] });
    const url = await until('"is up"', 900, () => /is up:\s+(\S+)/.exec(said())?.[1]);
    const upSeconds = since();
    const token = /(cm_\S+)/.exec(said())?.[1] ?? '';
    const port = await until('the decoy', 30, () => Number(/ssh -p (\d+)/.exec(said())?.[1]) || undefined);
    await attack({ port, command: 'uname -a # the first attack' });
    await untilOnApi(url, token, 'the first attack', 30);
    const installSeconds = Number(/Installed in (\d+) s/.exec(said())?.[1]);
    return { commands: 1, installSeconds, upSeconds, attackSeenSeconds: since(), secondsMax };
  } finally {
    run('podman', ['rm', '--force', '--ignore', '--time=10', name]);
    rmSync(folder, { recursive: true, force: true });
  }
}
