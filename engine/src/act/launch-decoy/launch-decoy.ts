import type { Sighting } from '@cerberusmesh/contract/adaptation';
import { type LaunchDecoyParameters, launchDecoyDeclaration } from '@cerberusmesh/contract/launch-decoy';
import type { Clock } from '../../kit/clock.ts';
import { type Action, defineAction, type Look, type Task } from '../action.ts';
import { type DecoyDriver, DecoyPlace, DecoyPlan } from './driver.ts';

/** What launching a decoy needs of the rest. */
export interface LaunchDecoyParts {
  readonly drivers: readonly DecoyDriver[];
  /** Where no driver is named; null: then none is launched. */
  readonly defaultDriver: string | null;
  readonly decoysMax: number;
  /** Plans of all that stand or are being brought up or down. */
  readonly standing: () => Promise<readonly DecoyPlan[]>;
  /** Logs in as an attacker would. */
  readonly visit: (place: DecoyPlace, signal: AbortSignal) => Promise<Sighting>;
  readonly sensors: {
    register(plan: DecoyPlan, place: DecoyPlace): Promise<void>;
    remove(sensor: string): Promise<void>;
  };
  readonly logs: {
    /** Reads it from now on. May be asked again. */
    follow(path: string): Promise<void>;
    /** Reads what is still there, and then no more. */
    leave(path: string): Promise<void>;
  };
  readonly clock: Clock;
}

/** All decoys are one target, so that two launches at the same time cannot both be the last one that is allowed. */
export const decoysTarget = 'decoys';

type DecoyTask = Task<LaunchDecoyParameters, DecoyPlan>;

const knockMs = 1000;
const hostnames = ['web', 'db', 'app', 'backup', 'git', 'mail', 'build', 'files'];

/** `launch_decoy`: a further honeypot for a time. */
export function createLaunchDecoy(parts: LaunchDecoyParts): Action {
  const { drivers, logs, sensors, clock } = parts;
  return defineAction({
    declaration: launchDecoyDeclaration,
    plan: DecoyPlan,
    targets: async (wanted) => [wanted],
    targetOf: () => decoysTarget,
    lifetimeSeconds: ({ hours }) => hours * 3600,
    async check({ driver }) {
      const standing = await parts.standing();
      if (standing.length >= parts.decoysMax) {
        return `There are ${standing.length} decoys, and not more than ${parts.decoysMax} are allowed (CERBERUS_LAUNCH_MAX).`;
      }
      const found = findDriver(driver);
      return typeof found === 'string' ? found : await found.check();
    },
    async makePlan({ driver }, _cause, id) {
      const found = findDriver(driver);
      if (typeof found === 'string') throw new Error(found);
      const taken = new Set((await parts.standing()).map(({ port }) => port));
      const number = Number.parseInt(id.slice(0, 6), 16);
      const hostname = `${hostnames[number % hostnames.length]}-${String(1 + (number % 9)).padStart(2, '0')}`;
      return {
        driver: found.name,
        id,
        sensor: `decoy-${id.slice(0, 8)}`,
        hostname,
        port: await found.choosePort(taken),
      };
    },
    async run({ plan, signal, step }) {
      const place = await driverOf(plan).up(plan, signal);
      await step('up', place);
      await untilItAnswers(place, signal);
      await step('answers');
      await sensors.register(plan, place);
      if (place.logPath !== null) await logs.follow(place.logPath);
      await step('registered');
      return { sensor: plan.sensor, host: place.host, port: place.port };
    },
    async verify(task): Promise<Look> {
      const place = placeOf(task);
      if (!place) return { verified: false, looked: true, why: 'It is not known where it was brought up.' };
      const { looked, verified, why } = await parts.visit(place, task.signal);
      const seen = verified ? `${place.host}:${place.port} lets a visitor in and shows him a shell.` : why;
      return { looked, verified, why: seen };
    },
    async undo({ plan, signal, ...task }) {
      const driver = driverOf(plan);
      await driver.end(plan, signal);
      const logPath = placeOf(task)?.logPath;
      if (logPath) await logs.leave(logPath);
      await driver.remove(plan, signal);
      await sensors.remove(plan.sensor);
      return undefined;
    },
  });

  function findDriver(name: string | undefined): DecoyDriver | string {
    const wanted = name ?? parts.defaultDriver;
    if (wanted === null) return 'No driver is named; set CERBERUS_LAUNCH_DRIVER to cowrie, container or ec2.';
    return drivers.find((driver) => driver.name === wanted) ?? `This installation has no decoy driver ${wanted}.`;
  }

  function driverOf(plan: DecoyPlan): DecoyDriver {
    const found = findDriver(plan.driver);
    if (typeof found === 'string') throw new Error(found);
    return found;
  }

  /** A machine may take minutes until its honeypot listens. */
  async function untilItAnswers(place: DecoyPlace, signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if ((await parts.visit(place, signal)).looked) return;
      await clock.sleep(knockMs, signal);
    }
  }
}

/** Where it was brought up the last time. */
export function placeOf({ steps }: Pick<DecoyTask, 'steps'>): DecoyPlace | undefined {
  const up = steps.findLast(({ name }) => name === 'up');
  return up && DecoyPlace.parse(up.details);
}
