import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decoyLogPath } from '@cerberusmesh/contract/decoy';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { PersonaTemplate } from '@cerberusmesh/contract/persona';
import { type RunningDecoy, startDecoyProcess } from '../act/decoys/decoy-process.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { WatchedSource } from '../serve/health.ts';
import type { FollowedLog } from './follow-log.ts';
import { projectDir } from './project.ts';

export interface DecoysOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly follow: (path: string) => Promise<FollowedLog>;
}

export interface Decoys {
  readonly watched: () => WatchedSource[];
  /** How to get in, for the terminal; null while it is not up. */
  readonly invitation: () => string | null;
  /** Keeps the decoy up and its log followed until `signal` aborts. */
  readonly run: (signal: AbortSignal) => Promise<void>;
}

const againMs = 5_000;

/** The decoy that comes with every start: its process, and its log read as any Cowrie's. */
export async function composeDecoys({ config, clock, log, follow }: DecoysOptions): Promise<Decoys> {
  if (!config.decoy.enabled) return { watched: () => [], invitation: () => null, run: async () => undefined };
  const folder = join(config.state.dir, 'decoys', 'decoy');
  const followed = await follow(decoyLogPath(folder));
  let running: RunningDecoy | undefined;
  const first = startConfigured(config, folder, log).then((decoy) => {
    running = decoy;
    return decoy;
  });
  // Awaited by `run`; until then a fault must not end the program.
  first.catch(() => undefined);
  await Promise.race([first.catch(() => undefined), clock.sleep(againMs)]);

  return {
    watched: () => [followed.watched()],
    invitation: () => (running?.ports.ssh ? `ssh -p ${running.ports.ssh} root@${config.decoy.host}` : null),
    run: async (signal) => void (await Promise.all([followed.run(), keepUp(signal)])),
  };

  async function keepUp(signal: AbortSignal): Promise<void> {
    let next: Promise<RunningDecoy> = first;
    while (!signal.aborted) {
      try {
        running = await next;
        const stopped = new Promise<null>((resolve) =>
          signal.addEventListener('abort', () => resolve(null), { once: true }),
        );
        const lastWords = signal.aborted ? null : await Promise.race([running.ended, stopped]);
        if (lastWords === null) return await running.stop();
        log.warn({ lastWords }, 'The decoy ended by itself; it is started again.');
      } catch (error) {
        log.warn({ err: error }, 'The decoy could not be started; it is tried again.');
      }
      running = undefined;
      await clock.sleep(againMs, signal).catch(() => undefined);
      if (!signal.aborted) next = startConfigured(config, folder, log);
    }
  }
}

/** Starts it at the ports that are set; where the default one is taken, at any free one. */
export async function startConfigured(
  config: Config,
  folder: string,
  log: Pick<Log, 'info' | 'warn'>,
): Promise<RunningDecoy> {
  const { host, sshPort, persona } = config.decoy;
  const seed = openSeed(folder);
  const settings = {
    folder,
    sensor: 'decoy',
    uuid: `decoy-${seed.slice(0, 12)}`,
    host,
    sshPort,
    telnetPort: null,
    httpPort: null,
    template: readTemplate(persona),
    seed,
  };
  const start = (port: number | null) => startDecoyProcess({ projectDir, settings: { ...settings, sshPort: port } });
  return await start(sshPort).catch(async (error: unknown) => {
    if (!isPortTaken(error)) throw error;
    log.warn({ port: sshPort }, 'The port of the SSH decoy is taken, by a Cowrie perhaps; another one is used.');
    return await start(0);
  });
}

/** @throws CerberusError BAD_CONFIGURATION where there is no such persona. */
export function readTemplate(name: string): PersonaTemplate {
  const path = join(projectDir, 'policy', 'personas', `${name.replace(/[^\w-]/g, '')}.json`);
  try {
    return PersonaTemplate.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new CerberusError(
      'BAD_CONFIGURATION',
      `CERBERUS_DECOY_PERSONA: "${name}" is no persona of policy/personas.`,
      error,
    );
  }
}

/** What makes this installation's decoy unlike any other. */
function openSeed(folder: string): string {
  const path = join(folder, 'seed');
  try {
    return readFileSync(path, 'utf8');
  } catch {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const seed = randomBytes(16).toString('hex');
    writeFileSync(path, seed, { mode: 0o600 });
    return seed;
  }
}

function isPortTaken(error: unknown): boolean {
  const cause = error instanceof CerberusError ? error.cause : undefined;
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'EADDRINUSE';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Action } from '../act/action.ts';
import type { ActSensor } from '../act/carry-out.ts';
import { createProbe } from '../act/cowrie/probe.ts';
import { createContainerDriver } from '../act/launch-decoy/container-driver.ts';
import { createCowrieDriver } from '../act/launch-decoy/cowrie-driver.ts';
import { type DecoyDriver, DecoyPlan } from '../act/launch-decoy/driver.ts';
import { createEc2Driver } from '../act/launch-decoy/ec2-driver.ts';
import { createLaunchDecoy, decoysTarget, placeOf } from '../act/launch-decoy/launch-decoy.ts';
import { type StandingDecoy, tendDecoys } from '../act/launch-decoy/tend-decoys.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import { createActionStore } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { createSensorStore } from '../store/sensors.ts';
import type { FollowedLogs } from './followed-logs.ts';

export interface DecoyParts {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Asked when the first log is to be followed, because what reads is built after what acts. */
  readonly logs: () => FollowedLogs;
  /** Built elsewhere: our own decoys. */
  readonly furtherDrivers?: readonly DecoyDriver[];
}

export interface Decoys {
  readonly action: Action;
  /** Follows the logs of those that stand; starts again what has ended, removes orphans. For the start and now and then. */
  tend(signal: AbortSignal): Promise<void>;
  /** Where a launched Cowrie can be adapted; undefined where this sensor is none of ours. */
  findSensor(sensor: string): ActSensor | undefined;
}

const cowrieVersion = '3.1.4';
const containerBytesMax = 512 * 1024 * 1024;

/** Further honeypots: what launches them, and what keeps them up. */
export function composeDecoys(parts: DecoyParts): Decoys {
  const { config, database, installKey, clock, log } = parts;
  const store = createActionStore(database);
  const sensors = createSensorStore(database.pool);
  const probe = createProbe({ key: installKey, now: () => clock.now() });
  const drivers = [...createDrivers(parts), ...(parts.furtherDrivers ?? [])];
  const adaptable = new Map<string, ActSensor>();

  const decoyLog = {
    orphanRemoved: (decoy: object) => log.info(decoy, 'A decoy that no action stands for was removed.'),
    notTended: (driver: string, error: unknown) =>
      log.warn({ err: error, driver }, 'Decoys could not be looked after; tried again later.'),
  };

  const action = createLaunchDecoy({
    drivers,
    defaultDriver: config.decoys.driver,
    decoysMax: config.decoys.max,
    standing: async () => (await readStanding()).map(({ plan }) => plan),
    visit: async ({ host, port, credentials }, signal) => await probe.look({ host, port, credentials }, [], signal),
    sensors: {
      async register(plan, place) {
        await sensors.register(plan.sensor, 'cowrie', `${place.host}:${place.port}`);
        remember({ plan, place, isUp: true });
      },
      async remove(sensor) {
        adaptable.delete(sensor);
        await sensors.remove(sensor);
      },
    },
    logs: {
      follow: (path) => parts.logs().follow(path),
      leave: (path) => parts.logs().leave(path),
    },
    clock,
  });

  return {
    action,
    findSensor: (sensor) => adaptable.get(sensor),
    async tend(signal) {
      for (const decoy of await readStanding()) {
        remember(decoy);
        if (decoy.isUp && decoy.place?.logPath) await parts.logs().follow(decoy.place.logPath);
      }
      // Not while one is launched or ended: it would be taken for an orphan, or started again.
      await store.tryTarget(`launch_decoy ${decoysTarget}`, () => tendDecoys(drivers, readStanding, decoyLog, signal));
    },
  };

  async function readStanding(): Promise<StandingDecoy[]> {
    const rows = await store.listStanding('launch_decoy');
    return rows.map((row) => ({
      plan: DecoyPlan.parse(row.plan),
      place: placeOf(row),
      isUp: row.status === 'applied' || row.status === 'verified',
    }));
  }

  function remember({ plan, place, isUp }: StandingDecoy): void {
    if (!isUp || !place || place.cowrieDir === null) return;
    const { host, port, cowrieDir, credentials } = place;
    adaptable.set(plan.sensor, { sensor: plan.sensor, cowrieDir, host, port, credentials });
  }
}

function createDrivers({ config, installKey, clock }: DecoyParts): DecoyDriver[] {
  const { host, ports, python, dir, socket, image, limitContainers } = config.decoys;
  const evidenceFolder = join(config.state.dir, 'evidence');
  const installation = createHash('sha256').update(installKey).digest('hex').slice(0, 16);
  const folder = dir ?? defaultFolder(config.state.dir, installation);
  const memoryBytesMax = limitContainers ? containerBytesMax : null;
  return [
    createCowrieDriver({ python, folder: join(folder, 'cowrie'), evidenceFolder, host, ports, clock }),
    createContainerDriver({
      ...{ image, evidenceFolder, host, ports, installation, memoryBytesMax, socketPath: socket },
      folder: join(folder, 'container'),
    }),
    createEc2Driver({ ...ec2OptionsOf(config), cowrieVersion, installation, clock }),
  ];
}

/** Root's decoys run as other users, who could not enter a data folder below /root. */
function defaultFolder(stateDir: string, installation: string): string {
  return process.getuid?.() === 0 ? `/var/lib/cerberusmesh/decoys-${installation}` : join(stateDir, 'decoys');
}

function ec2OptionsOf({ aws, decoys }: Config) {
  const { accessKeyId, secretAccessKey } = aws;
  const credentials =
    accessKeyId === null || secretAccessKey === null
      ? null
      : { accessKeyId: accessKeyId.reveal(), secretAccessKey: secretAccessKey.reveal() };
  const { ami, instanceType, subnet } = decoys;
  const { region, endpointUrl } = aws;
  return { region, credentials, endpoint: endpointUrl, imageId: ami, instanceType, subnetId: subnet };
}
