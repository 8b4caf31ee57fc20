import { join } from 'node:path';
import type { Action } from '../act/action.ts';
import { createProbe } from '../act/cowrie/probe.ts';
import type { ActSensor } from '../act/insert-trap/cowrie-place.ts';
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
import { createTokens } from '../store/tokens.ts';
import { awsAccess } from './aws-access.ts';
import type { FollowedLogs } from './followed-logs.ts';
import { installationOf } from './installation.ts';

export interface LaunchedDecoyParts {
  readonly config: Config;
  readonly database: Database;
  readonly installKey: Uint8Array;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Asked when the first log is to be followed, because what reads is built after what acts. */
  readonly logs: () => FollowedLogs;
  /** Built elsewhere: our own decoys. */
  readonly furtherDrivers?: readonly DecoyDriver[];
  /** Told of every launched Cowrie that stands, again and again, and of those that are gone. */
  readonly plugins?: { armAlso(cowrieDir: string): void; disarm(cowrieDir: string): void };
}

export interface LaunchedDecoys {
  readonly action: Action;
  /** Follows the logs of those that stand; starts again what has ended, removes orphans. For the start and now and then. */
  tend(signal: AbortSignal): Promise<void>;
  /** Of the launched Cowries that can be adapted. */
  folders(): string[];
  /** Where a launched Cowrie can be adapted; undefined where this sensor is none of ours. */
  findSensor(sensor: string): ActSensor | undefined;
}

const cowrieVersion = '3.1.4';
const containerBytesMax = 512 * 1024 * 1024;

/** Further honeypots: what launches them, and what keeps them up. */
export function composeLaunchedDecoys(parts: LaunchedDecoyParts): LaunchedDecoys {
  const { config, database, installKey, clock, log } = parts;
  const store = createActionStore(database);
  const sensors = createSensorStore(database.pool);
  const probe = createProbe({ key: installKey, now: () => clock.now() });
  const drivers = [...createDrivers(parts), ...(parts.furtherDrivers ?? [])];
  const adaptable = new Map<string, ActSensor>();
  const tokens = createTokens({ database, clock });

  const decoyLog = {
    orphanRemoved: (decoy: object) => log.info(decoy, 'A decoy that no action stands for was removed.'),
    notTended: (driver: string, error: unknown) =>
      log.warn({ err: error, driver }, 'Launched decoys could not be looked after; tried again later.'),
  };

  const action = createLaunchDecoy({
    drivers,
    defaultDriver: config.launch.driver,
    decoysMax: config.launch.max,
    standing: async () => (await readStanding()).map(({ plan }) => plan),
    visit: async ({ host, port, credentials }, signal) => await probe.look({ host, port, credentials }, [], signal),
    sensors: {
      async register(plan, place) {
        await sensors.register(plan.sensor, 'cowrie', `${place.host}:${place.port}`);
        remember({ plan, place, isUp: true });
      },
      async remove(sensor) {
        const gone = adaptable.get(sensor);
        if (gone) parts.plugins?.disarm(gone.cowrieDir);
        adaptable.delete(sensor);
        await tokens.revoke(tokenOf(sensor), 'engine');
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
    folders: () => [...adaptable.values()].map(({ cowrieDir }) => cowrieDir),
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
    parts.plugins?.armAlso(cowrieDir);
    adaptable.set(plan.sensor, { sensor: plan.sensor, cowrieDir, host, port, credentials });
  }
}

function createDrivers(parts: LaunchedDecoyParts): DecoyDriver[] {
  const { config, installKey, clock } = parts;
  const { host, ports, python, dir, socket, image, limitContainers } = config.launch;
  const evidenceFolder = join(config.state.dir, 'evidence');
  const installation = installationOf(installKey);
  const folder = dir ?? defaultFolder(config.state.dir, installation);
  const memoryBytesMax = limitContainers ? containerBytesMax : null;
  return [
    createCowrieDriver({ python, folder: join(folder, 'cowrie'), evidenceFolder, host, ports, clock }),
    createContainerDriver({
      ...{ image, evidenceFolder, host, ports, installation, memoryBytesMax, socketPath: socket },
      folder: join(folder, 'container'),
    }),
    createEc2Driver({ ...ec2OptionsOf(config), cowrieVersion, installation, clock, ship: shipOf(parts) }),
  ];
}

/** A machine elsewhere pushes its log to us, with a token that may do nothing else and ends with it. */
function shipOf({ config, database, clock }: LaunchedDecoyParts) {
  const tokens = createTokens({ database, clock });
  return {
    url: config.http.publicUrl,
    async issueToken(sensor: string): Promise<string> {
      const name = tokenOf(sensor);
      await tokens.revoke(name, 'engine');
      return (await tokens.create({ name, role: 'sensor', expiresAt: null }, 'engine')).secret;
    },
  };
}

function tokenOf(sensor: string): string {
  return `launched ${sensor}`;
}

/** Root's decoys run as other users, who could not enter a data folder below /root. */
function defaultFolder(stateDir: string, installation: string): string {
  return process.getuid?.() === 0 ? `/var/lib/cerberusmesh/launched-${installation}` : join(stateDir, 'launched');
}

function ec2OptionsOf(config: Config) {
  const { ami, instanceType, subnet } = config.launch;
  return { ...awsAccess(config), imageId: ami, instanceType, subnetId: subnet };
}
