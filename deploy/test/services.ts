import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, until } from './support.ts';

const exposureMax = 2;
const pm2Version = '7.0.4';

/** Claim: the systemd units are sound and expose little, and PM2 starts the engine, and again after a kill. Needs systemd-analyze. */
export async function proveServices(): Promise<object> {
  return { systemd: proveUnits(), pm2: await provePm2() };
}

function proveUnits(): object {
  const folder = join(root, 'deploy', 'systemd');
  const exposures = readdirSync(folder).map((name) => {
    const faults = verify(join(folder, name));
    if (faults !== '') throw new Error(`systemd-analyze verify ${name}: ${faults}`);
    const said = run('systemd-analyze', ['security', '--offline=true', '--no-pager', join(folder, name)]);
    return [name, Number(/Overall exposure level for \S+: ([\d.]+)/.exec(said)?.[1])] as const;
  });
  for (const [name, exposure] of exposures) {
    if (!(exposure <= exposureMax))
      throw new Error(`${name} is exposed by ${exposure}, wanted at most ${exposureMax}.`);
  }
  return { exposureMax, ...Object.fromEntries(exposures) };
}

/** That the program is not installed on this machine is no fault of the unit. */
function verify(path: string): string {
  return run('sh', ['-c', `systemd-analyze verify --man=no '${path}' 2>&1 || true`])
    .split('\n')
    .filter((line) => line !== '' && !line.includes('cerberusmesh is not executable: No such file or directory'))
    .join('\n');
}

async function provePm2(): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'cerberus-pm2-'));
  const env = {
    ...{ PATH: process.env['PATH'], HOME: folder, PM2_HOME: join(folder, 'pm2') },
    ...{ CERBERUS_DATA_DIR: join(folder, 'state'), PORT: '0', CERBERUS_DECOY: 'false' },
  };
  const pm2 = (...args: string[]) =>
    run(process.execPath, [join(folder, 'node_modules/pm2/bin/pm2'), ...args], { env, cwd: folder, stdio: 'pipe' });
  try {
    writeFileSync(join(folder, 'package.json'), '{}');
    const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    run('npm', ['install', ...quiet, `pm2@${pm2Version}`], {
      cwd: folder,
      env: { ...process.env, HOME: process.env['HOME'] },
    });
    pm2('start', join(root, 'deploy', 'ecosystem.config.cjs'));
    const log = join(folder, 'pm2', 'logs', 'cerberusmesh-out.log');
    const first = await addressesIn(log, 1);
    const killed = pidOf(pm2('jlist'));
    process.kill(killed, 'SIGKILL');
    const began = performance.now();
    const again = await addressesIn(log, 2);
    const backSeconds = Number(((performance.now() - began) / 1000).toFixed(1));
    const isAnother = pidOf(pm2('jlist')) !== killed;
    const healthy = (await fetch(`${again.at(-1)}/health`)).ok;
    pm2('stop', 'cerberusmesh');
    const stopped = /"status":"stopped"/.test(pm2('jlist'));
    return { version: pm2Version, started: first.length > 0, isAnother, backSeconds, healthy, stopped };
  } finally {
    pm2('kill');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function addressesIn(log: string, count: number): Promise<string[]> {
  return await until(`start ${count} in PM2's log`, 120, () => {
    const found = existsSync(log)
      ? [...readFileSync(log, 'utf8').matchAll(/is up:\s+(\S+)/g)].map(([, url]) => url ?? '')
      : [];
    return found.length >= count ? found : undefined;
  });
}

function pidOf(list: string): number {
  // What stands before the list is PM2's greeting at its first start.
  const [app] = JSON.parse(list.slice(list.indexOf('[{')));
  return app.pid;
}
