import type { KillSwitchReport } from '@cerberusmesh/contract/api-approvals';
import type { Clock } from '../kit/clock.ts';
import type { Database } from '../store/database.ts';
import { cancelJobs } from '../store/jobs.ts';
import type { SettingsStore } from '../store/settings.ts';
import { countKept, countStanding, listStanding } from '../store/standing.ts';
import type { JobHandler } from './run-jobs.ts';

/** Undoes one kind of what stands, newest first; `error` is null for what was undone. */
export type Undo = (signal: AbortSignal) => Promise<readonly { readonly id: string; readonly error: string | null }[]>;

export interface KillSwitch {
  /** True while nothing may be begun. */
  isOn(): boolean;
  status(): Promise<KillSwitchReport>;
  /** On: nothing new is begun, what waits is called off, and what stands is undone before this returns. */
  turn(on: boolean, actor: string): Promise<KillSwitchReport>;
  /** Sees within two seconds that another process has turned it; until `signal` aborts, undoes what still stands. */
  run(signal: AbortSignal): Promise<void>;
  /** A handler that looks at the switch, as it is stored, before each job: what waits then is not done. */
  guard(handle: JobHandler): JobHandler;
}

const roundMs = 2000;
const namedMax = 10;

/**
 * The switch is a setting in the database, so it holds in every process; turning it on is done once, whoever asks
 * meanwhile.
 */
export function createKillSwitch(parts: {
  readonly database: Database;
  readonly settings: Pick<SettingsStore, 'current' | 'refresh' | 'update'>;
  readonly cancelApprovals: (by: string) => Promise<number>;
  /** Each undoes one kind of what stands, newest first, and says what it could not. */
  readonly undo: readonly Undo[];
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}): KillSwitch {
  const { database, settings, cancelApprovals, undo, clock, onFailure } = parts;
  const nothing = { undone: 0, approvals_cancelled: 0, jobs_cancelled: 0, refused: [] };
  let underWay: Promise<KillSwitchReport> | undefined;

  function isOn(): boolean {
    return settings.current().CERBERUS_KILL_SWITCH;
  }

  async function status(): Promise<KillSwitchReport> {
    await settings.refresh();
    return { ...nothing, ...(await readStanding()) };
  }

  async function turn(on: boolean, actor: string): Promise<KillSwitchReport> {
    await settings.update({ CERBERUS_KILL_SWITCH: on }, actor);
    return on ? await stopAll(actor, new AbortController().signal) : await status();
  }

  /** One at a time: the request of a person and the round of this process would undo the same things. */
  async function stopAll(actor: string, signal: AbortSignal): Promise<KillSwitchReport> {
    underWay ??= stopOnce(actor, signal).finally(() => {
      underWay = undefined;
    });
    return await underWay;
  }

  async function stopOnce(actor: string, signal: AbortSignal): Promise<KillSwitchReport> {
    const approvals = await cancelApprovals(actor);
    const jobs = await cancelJobs(database.pool, ['act', 'action'], 'The kill switch was turned on.');
    const before = await countStanding(database.pool);
    const refused: { id: string; explanation: string }[] = [];
    for (const undoOne of undo) {
      for (const { id, error } of await undoOne(signal)) if (error !== null) refused.push({ id, explanation: error });
    }
    const after = await readStanding();
    const undone = Math.max(0, before - after.standing);
    return { ...after, approvals_cancelled: approvals, jobs_cancelled: jobs, undone, refused };
  }

  async function readStanding() {
    const [standing, kept, things] = await Promise.all([
      countStanding(database.pool),
      countKept(database.pool),
      listStanding(database.pool, namedMax),
    ]);
    const named = things.map(({ undoError, ...thing }) => ({ ...thing, undo_error: undoError }));
    return { on: isOn(), standing, kept, standing_things: named };
  }

  async function round(signal: AbortSignal): Promise<void> {
    await settings.refresh();
    if (!isOn()) return;
    // Of a process that had not seen it yet: who is asked would agree to what nobody carries out.
    await cancelApprovals('engine');
    if ((await countStanding(database.pool)) > 0) await stopAll('engine', signal);
  }

  return {
    isOn,
    status,
    turn,
    async run(signal) {
      while (!signal.aborted) {
        await round(signal).catch(onFailure);
        await clock.sleep(roundMs, signal);
      }
    },
    guard(handle) {
      return async function handleUnlessOff(payload, signal) {
        await settings.refresh();
        return isOn() ? undefined : ((await handle(payload, signal)) ?? undefined);
      };
    },
  };
}
