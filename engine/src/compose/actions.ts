import { join } from 'node:path';
import { ActionRequest } from '@cerberusmesh/contract/action';
import type { ActionRecord } from '@cerberusmesh/contract/api-actions';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { insertTrapDeclaration } from '@cerberusmesh/contract/insert-trap';
import type { Action } from '../act/action.ts';
import { type ActionOutcome, type Actions, type ActionsOptions, createActions } from '../act/actions.ts';
import type { DecoyDriver } from '../act/launch-decoy/driver.ts';
import type { FileFolders } from '../act/monitor/keep-files.ts';
import type { ReplantParts } from '../act/rotate-key/replant-lure.ts';
import type { Config } from '../config.ts';
import type { Clock } from '../kit/clock.ts';
import type { Log } from '../kit/log.ts';
import type { ActionDesk } from '../serve/routes/actions.ts';
import type { ManagedKeys } from '../serve/routes/managed-keys.ts';
import { createActionStore, queueAction } from '../store/actions.ts';
import type { Database } from '../store/database.ts';
import { decoySensor } from './decoy-sensor.ts';
import { decoyFolder } from './decoys.ts';
import type { FollowedLogs } from './followed-logs.ts';
import { installationOf } from './installation.ts';
import { createJobQueue } from './job-queue.ts';
import { composeLaunchedDecoys, type LaunchedDecoyParts, type LaunchedDecoys } from './launch-decoys.ts';
import { ownDecoyFolder } from './launched-own-decoys.ts';
import { composeManagedKeys } from './managed-keys.ts';
import { createJobRunner } from './run-jobs.ts';
import type { TriedKeys } from './tried-keys.ts';
import { composeWatching, foldersOfCowrie, foldersOfDecoy, type Watching } from './watching.ts';

export interface ActionParts {
  readonly config: Config;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn'>;
  readonly findAction: (id: string) => Promise<ActionRecord | undefined>;
  readonly publish: (action: ActionRecord) => void;
  readonly installKey: Uint8Array;
  /** Asked when the first log is to be followed, because what reads is built after what acts. */
  readonly logs: () => FollowedLogs;
  readonly lures: ReplantParts;
  /** Built elsewhere: our own decoys. */
  readonly furtherDrivers?: readonly DecoyDriver[];
  readonly plugins?: NonNullable<LaunchedDecoyParts['plugins']>;
  /** Built elsewhere: notices, the block feed. */
  readonly furtherActions?: readonly Action[];
  readonly approve?: ActionsOptions['approve'];
  readonly objection?: ActionsOptions['objection'];
  /** Told where a change to a honeypot's world was ordered, which others carry out. */
  readonly trapOrdered?: () => void;
}

export interface ComposedActions {
  readonly actions: Actions;
  readonly desk: ActionDesk;
  readonly managedKeys: ManagedKeys;
  /** Which managed key a session tries; null where none. */
  readonly triedKeyOf: TriedKeys['find'];
  /** Where a launched Cowrie can be adapted. */
  readonly findSensor: LaunchedDecoys['findSensor'];
  readonly launchedDirs: LaunchedDecoys['folders'];
  readonly watching: Watching;
  /** Looks for work now instead of at the next round. */
  wake(): void;
  /** Carries out until `signal` aborts; resolves when what is under way has stopped. */
  run(signal: AbortSignal): Promise<void>;
}

/** Actions take seconds to minutes, and one must not wait for another: so many are carried out at a time. */
const lanes = 3;
/**
 * Longer than any action's deadline: else its job would be taken again while it runs, and every lane would end up waiting
 * for one target. What a killed process had begun does not wait for this: `recover` finds it.
 */
const jobLockSeconds = 1200;
const roundMs = 15_000;
const tendEveryRounds = 4;

/** Everything that is done besides changing a honeypot's world. Fills the watch-list before anything is read. */
export async function composeActions(parts: ActionParts): Promise<ComposedActions> {
  const { config, database, clock, log } = parts;
  const stopping = new AbortController();
  const store = createActionStore(database);
  const watching = composeWatching({
    ...{ database, clock, log, folder: join(config.state.dir, 'evidence') },
    foldersOf: (sensor) => foldersOf(sensor),
  });
  await watching.refresh();

  const managedKeys = composeManagedKeys({
    ...{ config, database, clock, lures: parts.lures, installation: installationOf(parts.installKey) },
  });
  await managedKeys.tried.refresh();
  const decoys = composeLaunchedDecoys(parts);

  const actions = createActions({
    store,
    actions: [watching.action, managedKeys.action, decoys.action, ...(parts.furtherActions ?? [])],
    clock,
    dryRun: config.agent.dryRun,
    approve: parts.approve ?? (async () => ({ kind: 'granted', by: null })),
    ...(parts.objection === undefined ? {} : { objection: parts.objection }),
    ended: (outcome) => void tell(outcome),
  });
  const jobs = createJobRunner({
    queue: createJobQueue(database, jobLockSeconds),
    handlers: new Map([['action', handle]]),
    clock,
    onFailure: (job, error) => log.warn({ err: error, job: job?.id }, 'An action failed; it is tried again later.'),
  });

  return {
    actions,
    desk: {
      kinds: [...actions.kinds, insertTrapDeclaration],
      async order(request) {
        const stopped = parts.objection?.(request.kind);
        if (stopped !== undefined) {
          throw new CerberusError('CONFLICT', `${stopped} Nothing is begun by hand either, until it is turned off.`);
        }
        await queueAction(database.pool, request);
        if (request.kind === 'insert_trap') parts.trapOrdered?.();
        else jobs.wake();
      },
      undo: (id) => actions.undo(id, stopping.signal),
    },
    managedKeys: managedKeys.keys,
    triedKeyOf: managedKeys.tried.find,
    findSensor: decoys.findSensor,
    launchedDirs: decoys.folders,
    watching,
    wake: jobs.wake,
    async run(signal) {
      signal.addEventListener('abort', () => stopping.abort(), { once: true });
      await Promise.all([goRounds(signal), ...Array.from({ length: lanes }, () => jobs.run(signal))]);
    },
  };

  function foldersOf(sensor: string): FileFolders | undefined {
    if (sensor === decoySensor) return foldersOfDecoy(decoyFolder(config));
    const launched = ownDecoyFolder(config, sensor);
    if (launched !== undefined) return foldersOfDecoy(launched);
    const dir = decoys.findSensor(sensor)?.cowrieDir ?? config.cowrie.dir;
    return dir === null ? undefined : foldersOfCowrie(dir);
  }

  async function handle(payload: unknown, signal: AbortSignal): Promise<void> {
    await actions.request(ActionRequest.parse(payload), signal);
  }

  /** What an earlier run left, first of all; then what is over, waits or is to be tried again. */
  async function goRounds(signal: AbortSignal): Promise<void> {
    for (let round = 0; !signal.aborted; ) {
      try {
        await actions.recover(signal);
        await actions.expire(signal);
        // Another process may have made a key known.
        await managedKeys.tried.refresh();
        await watching.refresh();
        await watching.keepFiles();
        if (round++ % tendEveryRounds === 0) await decoys.tend(signal);
      } catch (error) {
        log.warn({ err: error }, 'Unfinished and expired actions could not be gone through; tried again soon.');
      }
      await clock.sleep(roundMs, signal);
    }
  }

  async function tell(outcome: ActionOutcome): Promise<void> {
    const level = outcome.status === 'failed' || outcome.status === 'undoing' ? 'warn' : 'info';
    log[level]({ ...outcome }, `Action ${outcome.kind} on ${outcome.target}: ${outcome.status}.`);
    const record = await parts.findAction(outcome.id).catch(() => undefined);
    if (record) parts.publish(record);
  }
}
