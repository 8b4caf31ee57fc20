import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AdaptationPlan, FileSet } from '@cerberusmesh/contract/adaptation';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Outcome } from '../../kit/outcome.ts';
import { reasonOf } from '../../kit/reason-of.ts';
import { adaptationOf } from '../cowrie/adaptations/registry.ts';
import { configPath, overlayFolder } from '../cowrie/manifest.ts';
import { lastSensorIn } from '../cowrie/own-name.ts';
import { openPreparedCowrie, type PreparedCowrie } from '../cowrie/prepared-cowrie.ts';
import type { Look, Probe } from '../cowrie/probe.ts';
import type { RestartWhenQuiet } from '../cowrie/restart.ts';
import { acceptedCredentials, type Credentials } from '../cowrie/user-db.ts';
import { notPrepared } from './insert-trap.ts';
import type { TrapPlace } from './trap-place.ts';

/** One Cowrie that adaptations may be carried out on. */
export interface ActSensor {
  readonly sensor: string;
  /** The folder that `cerberus prepare` was given. */
  readonly cowrieDir: string;
  /** Where the probe reaches its SSH. */
  readonly host: string;
  readonly port: number;
  /** Without it, credentials are found in Cowrie's own rules. */
  readonly credentials?: Credentials;
  /** Its log, where the name is only what an event or a person says: what writes under another name is not this one. */
  readonly logPath?: string;
  /** For what our plugin cannot do, or where there is none. */
  readonly restart?: RestartWhenQuiet;
  /** Where it is not on this machine: how it is opened and looked at through the sensor beside it. */
  readonly remote?: {
    readonly open: () => Promise<Outcome<PreparedCowrie, string>>;
    readonly probe: Probe;
  };
}

export interface CowriePlaceOptions {
  readonly probe: Probe;
  readonly lifetimeSeconds: number;
}

/** A prepared Cowrie, here or beside a sensor of the mesh: the difference is how it is opened and who looks. */
export function createCowriePlace(at: ActSensor, { probe, lifetimeSeconds }: CowriePlaceOptions): TrapPlace {
  return {
    lifetimeSeconds,
    choose: (wanted) => wanted,

    async check(type) {
      const cowrie = await open().catch(reasonOf);
      if (typeof cowrie === 'string') return cowrie;
      const name = at.logPath === undefined ? undefined : await lastSensorIn(at.logPath);
      if (name !== undefined && name !== at.sensor) {
        return `The Cowrie in ${at.cowrieDir} writes as "${name}"; none whose world can be changed writes as "${at.sensor}".`;
      }
      return await adaptationOf(type).check(cowrie);
    },

    async makePlan(type, _cause, { persona, banner }) {
      const cowrie = await open();
      if (typeof cowrie === 'string') throw new Error(cowrie);
      const choice = { ...(persona !== undefined && { persona }), ...(banner !== undefined && { banner }) };
      return await adaptationOf(type).plan(choice, cowrie);
    },

    async run({ type, plan, signal }) {
      const cowrie = await open();
      // What was begun goes on when it can be opened again: now nothing could be taken back either.
      if (typeof cowrie === 'string') throw new CerberusError('SENSOR_AWAY', cowrie);
      const conflict = await adaptationOf(type).run(filesOf(plan), cowrie, inTime(signal));
      if (conflict !== undefined) throw new Error(conflict);
    },

    async look({ type, plan, signal }) {
      const credentials = at.remote ? asTheSensorKnows : await findCredentials(at);
      if (typeof credentials === 'string') return { verified: false, looked: false, why: credentials };
      const looks = (await adaptationOf(type).looks?.(plan.new)) ?? looksOf(plan.new);
      const target = { host: at.host, port: at.port, credentials };
      const seen = await (at.remote?.probe ?? probe).look(target, looks, inTime(signal));
      if (seen.verified || !seen.looked) return seen;
      return { ...seen, why: `Visitors would not see it: ${seen.why} ${restartHint}` };
    },

    async undo({ type, plan, signal, step }) {
      const cowrie = await open();
      if (typeof cowrie === 'string') {
        if (at.remote || !(await isGone(at.cowrieDir))) return cowrie;
        await step('the honeypot is gone', { folder: at.cowrieDir });
        return undefined;
      }
      const conflict = await adaptationOf(type).undo(filesOf(plan), cowrie, inTime(signal));
      return conflict === undefined ? undefined : { left: conflict };
    },
  };

  async function open(): Promise<PreparedCowrie | string> {
    const opened = await (at.remote?.open() ?? openPreparedCowrie(at.cowrieDir, at.restart));
    return opened.kind === 'ok' ? opened.value : notPrepared(opened.reason);
  }
}

/**
 * Uninstalled, or what `prepare` had put there was taken away: with it went all that adaptations had changed. A folder that
 * stands there empty is none of these: its disk may not be mounted.
 */
async function isGone(cowrieDir: string): Promise<boolean> {
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    );
  if (!(await isThere(cowrieDir))) return true;
  return (await isThere(dirname(join(cowrieDir, configPath)))) && !(await isThere(join(cowrieDir, overlayFolder)));
}

const restartHint = 'Cowrie must have been restarted once since it was prepared.';
/** Less than the runner's own deadline, so that what waits for a quiet moment says for whom it waited. */
const workSeconds = 25;

function inTime(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(workSeconds * 1000)]);
}

const asTheSensorKnows: Credentials = { username: '', password: '' };

async function findCredentials({ credentials, cowrieDir }: ActSensor): Promise<Credentials | string> {
  return credentials ?? (await acceptedCredentials(cowrieDir).catch(reasonOf));
}

function filesOf(plan: AdaptationPlan): { readonly old: FileSet; readonly new: FileSet } {
  return { old: plan.old ?? { files: [] }, new: plan.new };
}

function looksOf({ files }: FileSet): readonly Look[] {
  return files.map(({ path, content }) => ({ path, content: Buffer.from(content, 'base64').toString('utf8') }));
}
