import { execFile } from 'node:child_process';
import { access, chmod, chown, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Clock } from '../../kit/clock.ts';
import { makeFolder } from '../../kit/make-folder.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { withSettings } from '../cowrie/config-file.ts';
import { configPath, pluginFolder } from '../cowrie/manifest.ts';
import { prepareCowrie } from '../cowrie/prepare.ts';
import { acceptedCredentials } from '../cowrie/user-db.ts';
import type { DecoyDriver, DecoyPlace, DecoyPlan } from './driver.ts';
import { evidenceOf, keepEvidence } from './evidence.ts';
import { findFreePort, type PortRange } from './free-port.ts';

const run = promisify(execFile);

/** Cowrie refuses root, so root's decoys run as `nobody`, who owns nothing else. */
const decoyUser = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : undefined;
const stopMs = 10_000;
const lookMs = 20;
const madeMark = 'cerberus-decoy.json';

export interface CowrieDriverOptions {
  /** The Python that runs Cowrie; null where none was named. */
  readonly python: string | null;
  /** Each decoy has a folder of its own below this one. */
  readonly folder: string;
  /** Where what visitors uploaded and their recordings are kept after the end. */
  readonly evidenceFolder: string;
  /** The address to listen on. */
  readonly host: string;
  readonly ports: PortRange;
  readonly clock: Clock;
}

/**
 * A further Cowrie: own state folder, port and name, made ready for adaptations. It is a process of its own that outlives
 * ours; its folder is its label.
 */
export function createCowrieDriver(options: CowrieDriverOptions): DecoyDriver {
  const { python, folder, host, ports, clock } = options;
  const dirOf = ({ sensor }: Pick<DecoyPlan, 'sensor'>): string => join(folder, sensor);

  return {
    name: 'cowrie',
    async check() {
      if (python === null) return 'No Python is known that runs Cowrie; set CERBERUS_LAUNCH_PYTHON.';
      const program = join(dirname(python), 'twistd');
      const isThere = await access(program).then(
        () => true,
        () => false,
      );
      return isThere
        ? undefined
        : `There is no ${program}; CERBERUS_LAUNCH_PYTHON must name the Python of Cowrie's venv.`;
    },
    choosePort: (taken) => findFreePort(host, ports, taken),
    async up(plan, signal) {
      const dir = dirOf(plan);
      if ((await findProcess(dir)) === undefined) {
        if (!(await isMade(dir))) await make(dir, plan, signal);
        await start(dir, signal);
      }
      return await placeOf(plan, dir);
    },
    async end(plan) {
      const dir = dirOf(plan);
      const pid = await findProcess(dir);
      if (pid === undefined) return;
      // Cowrie writes the ends of all sessions before it goes.
      process.kill(pid, 'SIGTERM');
      const until = clock.now().getTime() + stopMs;
      while ((await findProcess(dir)) === pid) {
        if (clock.now().getTime() > until) process.kill(pid, 'SIGKILL');
        await clock.sleep(lookMs);
      }
    },
    async remove(plan) {
      const dir = dirOf(plan);
      await keepEvidence(evidenceOf(dir), join(options.evidenceFolder, plan.sensor));
      await rm(dir, { recursive: true, force: true });
    },
    async list() {
      const names = await readdir(folder).catch(() => []);
      return await Promise.all(names.map(async (sensor) => ({ sensor, id: await idOf(join(folder, sensor)) })));
    },
  };

  /** From the beginning, whatever a kill left: only the mark, which comes last, makes it whole. */
  async function make(dir: string, plan: DecoyPlan, signal: AbortSignal): Promise<void> {
    if (python === null) throw new Error('No Python is known that runs Cowrie; set CERBERUS_LAUNCH_PYTHON.');
    await rm(dir, { recursive: true, force: true });
    await makeFolder(dir, 0o755);
    await chmod(dir, 0o755);
    if (decoyUser) await chown(dir, decoyUser.uid, decoyUser.gid);
    await writeFile(join(dir, 'cerberus-decoy.id'), plan.id);
    await cowrie(dir, 'cowrie', ['init'], signal);
    const path = join(dir, configPath);
    const settings = [
      { section: 'ssh', key: 'listen_endpoints', value: `tcp:${plan.port}:interface=${host}` },
      { section: 'honeypot', key: 'sensor_name', value: plan.sensor },
      { section: 'honeypot', key: 'hostname', value: plan.hostname },
    ];
    await writeFile(path, withSettings(await readFile(path, 'utf8'), settings));
    await prepareCowrie(dir, { python });
    await writeFile(join(dir, madeMark), JSON.stringify(plan));
  }

  async function start(dir: string, signal: AbortSignal): Promise<void> {
    // Of a process that is no more: twistd would refuse to start, or take a stranger for it.
    await rm(join(dir, 'var/run/cowrie.pid'), { force: true });
    const logger = '--logger=cowrie.python.logfile.logger';
    await cowrie(dir, 'twistd', ['--umask=0022', '--pidfile=var/run/cowrie.pid', logger, 'cowrie'], signal);
  }

  async function cowrie(dir: string, program: string, args: readonly string[], signal: AbortSignal): Promise<void> {
    const bin = dirname(python ?? '');
    // Without TZ=UTC Cowrie's timestamps are the host's local time with a false Z.
    const env = {
      ...{ PATH: `${bin}:/usr/bin:/bin`, TZ: 'UTC', HOME: dir, PYTHONDONTWRITEBYTECODE: '1' },
      // Or our plugin is not found.
      PYTHONPATH: join(dir, pluginFolder),
    };
    try {
      await run(join(bin, program), [...args], { cwd: dir, env, signal, timeout: 60_000, ...decoyUser });
    } catch (error) {
      throw new Error(`${program} in ${dir} failed: ${reasonOf(error).slice(0, 500)}`, { cause: error });
    }
  }

  async function placeOf({ port }: DecoyPlan, dir: string): Promise<DecoyPlace> {
    const credentials = await acceptedCredentials(dir);
    const isAny = host === '0.0.0.0' || host === '::';
    const logPath = join(dir, 'var/log/cowrie/cowrie.json');
    return { host: isAny ? '127.0.0.1' : host, port, logPath, cowrieDir: dir, credentials };
  }
}

/** The process that runs in this folder. The number alone is not trusted: after a reboot it may be anybody's. */
async function findProcess(dir: string): Promise<number | undefined> {
  const pid = Number(await readFile(join(dir, 'var/run/cowrie.pid'), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 1) return undefined;
  const place = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  return place === dir ? pid : undefined;
}

async function isMade(dir: string): Promise<boolean> {
  return await stat(join(dir, madeMark)).then(
    () => true,
    () => false,
  );
}

async function idOf(dir: string): Promise<string> {
  return await readFile(join(dir, 'cerberus-decoy.id'), 'utf8').catch(() => '');
}
