import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attack, root, run, until, untilOnApi } from './support.ts';

/** Claim: `npm pack` of a clean clone gives one package that runs by `npx` in an empty folder, with page and models. */
export async function provePackage(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-package-'));
  const [clone, home] = [join(folder, 'clone'), join(folder, 'home')];
  try {
    run('git', ['clone', '--quiet', root, clone]);
    const [packing, tarball] = timed(() =>
      run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: clone }),
    );
    const path = join(folder, tarball.trim().split('\n').at(-1) ?? '');
    const changed = run('git', ['status', '--porcelain'], { cwd: clone }).trim();
    if (changed !== '') throw new Error(`npm pack left the clone changed: ${changed}`);
    mkdirSync(home);
    writeFileSync(join(home, 'package.json'), '{}');
    const [installing] = timed(() =>
      run('npm', ['install', '--no-audit', '--no-fund', '--silent', path], { cwd: home }),
    );
    run('npx', ['cerberus', '--help'], { cwd: home });
    const seen = await visit(home);
    return { packageMegabytes: megabytes(path), packSeconds: packing, installSeconds: installing, ...seen };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts it by its name, looks at the page, attacks its decoy and waits until the API shows that. */
async function visit(home: string): Promise<object> {
  const began = performance.now();
  const child = spawn('npx', ['cerberusmesh', 'up'], {
    cwd: home,
    env: {
      ...{ PATH: pathOf(), HOME: home, CERBERUS_DATA_DIR: join(home, 'state'), PORT: '0' },
      ...{ CERBERUS_DECOY_SSH_PORT: '0', CERBERUS_DECOY_TELNET_PORT: '0', CERBERUS_DECOY_HTTP_PORT: '0' },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, to stop all of it as Ctrl-C does: npx passes no signal on.
    detached: true,
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  try {
    const url = await until('"is up"', 120, () => /is up:\s+(\S+)/.exec(said)?.[1]);
    const readySeconds = secondsSince(began);
    const health = await (await fetch(`${url}/health`)).json();
    const page = await (await fetch(url)).text();
    if (!page.includes('<div id="root"')) throw new Error(`No page at ${url}: ${page.slice(0, 200)}`);
    const token = /(cm_\S+)/.exec(said)?.[1] ?? '';
    const port = await until('the decoy', 30, () => Number(/ssh -p (\d+)/.exec(said)?.[1]) || undefined);
    const words = 'cat /proc/cpuinfo; id # by the package';
    await attack({ port, command: words });
    await untilOnApi(url, token, 'by the package', 30);
    return { readySeconds, attackOnTheApi: true, health };
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    await ended;
  }
}

/** Without this checkout's own commands, which npm puts there. */
function pathOf(): string {
  return (process.env['PATH'] ?? '')
    .split(':')
    .filter((folder) => !folder.includes('node_modules'))
    .join(':');
}

function timed<T>(work: () => T): [number, T] {
  const began = performance.now();
  const done = work();
  return [secondsSince(began), done];
}

function secondsSince(began: number): number {
  return Number(((performance.now() - began) / 1000).toFixed(1));
}

function megabytes(path: string): number {
  return Number((statSync(path).size / 1e6).toFixed(1));
}
