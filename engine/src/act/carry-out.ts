import type { AdaptationChange, FileSet, StoredAdaptation } from '@cerberusmesh/contract/adaptation';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../kit/clock.ts';
import type { Outcome } from '../kit/outcome.ts';
import { adaptationOf } from './cowrie/adaptations/registry.ts';
import type { PreparedCowrie } from './cowrie/prepared-cowrie.ts';
import type { Look, Probe } from './cowrie/probe.ts';
import type { RestartWhenQuiet } from './cowrie/restart.ts';
import { acceptedCredentials, type Credentials } from './cowrie/user-db.ts';

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
  /** For what our plugin cannot do, or where there is none. */
  readonly restart?: RestartWhenQuiet;
  /** Where it is not on this machine: how it is opened and looked at through the sensor beside it. */
  readonly remote?: {
    readonly open: () => Promise<Outcome<PreparedCowrie, string>>;
    readonly probe: Probe;
  };
}

export interface CarryOutOptions {
  readonly change: (id: string, change: AdaptationChange) => Promise<void>;
  readonly probe: Probe;
  readonly clock: Clock;
  readonly deadlineSeconds: number;
}

/**
 * The steps of one adaptation that is written down already. Each may be repeated after a kill: files that hold the new
 * content are left, files that hold the old content are changed, and any other content is somebody else's.
 */
export function createSteps({ change, probe, clock, deadlineSeconds }: CarryOutOptions) {
  async function carryOut(row: StoredAdaptation, at: ActSensor, cowrie: PreparedCowrie, signal: AbortSignal) {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(deadlineSeconds * 1000)]);
    try {
      const conflict = await adaptationOf(row.actionType).run(planOf(row), cowrie, deadline);
      if (conflict !== undefined) return await end(row, { status: 'failed', success: false, error: conflict });
    } catch (error) {
      // Whoever stops the program goes on with this at the next start.
      if (signal.aborted) return row;
      // It goes on when the sensor is there again: now nothing could be taken back either.
      if (error instanceof CerberusError && error.code === 'SENSOR_AWAY') return row;
      return await giveUp(row, cowrie, sentenceOf(error));
    }
    const applied = await end(row, { status: 'applied', success: true, appliedAt: clock.now() });
    return await verify(applied, at, cowrie, deadline);
  }

  /** A probe that saw something else undoes the change; one that could not look leaves it, because nothing is known. */
  async function verify(row: StoredAdaptation, at: ActSensor, cowrie: PreparedCowrie, signal: AbortSignal) {
    const credentials = at.remote ? asTheSensorKnows : await findCredentials(at);
    if (typeof credentials === 'string') return await end(row, { error: credentials });
    const target = { host: at.host, port: at.port, credentials };
    const looks = (await adaptationOf(row.actionType).looks?.(planOf(row).new)) ?? looksOf(row.new);
    const verification = await (at.remote?.probe ?? probe).look(target, looks, signal);
    if (verification.verified) {
      return await end(row, { status: 'verified', success: true, verification, verifiedAt: clock.now() });
    }
    if (!verification.looked) return await end(row, { verification, error: verification.why });
    const undone = await giveUp(row, cowrie, `Visitors would not see it: ${verification.why} ${restartHint}`);
    return await end(undone, { verification });
  }

  async function takeBack(row: StoredAdaptation, cowrie: PreparedCowrie): Promise<string | undefined> {
    const conflict = await adaptationOf(row.actionType).undo(planOf(row), cowrie);
    if (conflict === undefined) await end(row, { status: 'rolled_back', rolledBackAt: clock.now() });
    return conflict;
  }

  async function giveUp(row: StoredAdaptation, cowrie: PreparedCowrie, error: string): Promise<StoredAdaptation> {
    const conflict = await adaptationOf(row.actionType).undo(planOf(row), cowrie).catch(sentenceOf);
    const told = conflict === undefined ? error : `${error} It could not be undone: ${conflict}.`;
    return await end(row, { status: 'failed', success: false, error: told });
  }

  async function end(row: StoredAdaptation, what: AdaptationChange): Promise<StoredAdaptation> {
    await change(row.id, what);
    const { status = row.status, error = row.error, verification = row.verification } = what;
    return { ...row, status, error, verification };
  }

  return { carryOut, verify, takeBack };
}

const restartHint = 'Cowrie must have been restarted once since it was prepared.';

export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const asTheSensorKnows: Credentials = { username: '', password: '' };

async function findCredentials({ credentials, cowrieDir }: ActSensor): Promise<Credentials | string> {
  return credentials ?? (await acceptedCredentials(cowrieDir).catch(sentenceOf));
}

function planOf(row: StoredAdaptation): { old: FileSet; new: FileSet } {
  return { old: row.old ?? nothing, new: row.new ?? nothing };
}

const nothing: FileSet = { files: [] };

function looksOf(wanted: FileSet | null): readonly Look[] {
  return (wanted ?? nothing).files.map(({ path, content }) => ({
    path,
    content: Buffer.from(content, 'base64').toString('utf8'),
  }));
}
