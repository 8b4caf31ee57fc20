import type { ActionChange, StoredAction } from '@cerberusmesh/contract/action';
import { CerberusError } from '@cerberusmesh/contract/errors';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import { type Backoff, backoffMs } from '../kit/retry.ts';
import type { Action, StoredTask, Undone } from './action.ts';
import { deadlineOf, untilAborted } from './deadline.ts';

export interface ActionLifeOptions {
  readonly change: (id: string, change: ActionChange) => Promise<void>;
  readonly addStep: (id: string, name: string, at: Date, details: Readonly<Record<string, unknown>>) => Promise<void>;
  /** Takes one back that lies on another, whose lock is held; a sentence where it could not be. */
  readonly endAbove: (id: string, stop: AbortSignal) => Promise<string | undefined>;
  readonly clock: Clock;
}

/** A run that was killed so often is taken back instead of begun again. */
const runsMax = 3;
/** As often nobody got to look, it is taken back: what nobody saw is not called done. */
const looksMax = 5;
const backoff: Backoff = { firstMs: 5_000, maxMs: 3_600_000 };

/**
 * The steps of one action that is written down. Each may be repeated, whatever a kill left undone:
 *
 *     planned ──run──► applied ──look──► verified ──expiry, a person──► undoing ──undo──► undone
 *        └──it threw──────┴──saw it not there──► undoing ──undo──► failed
 */
export function createActionLife({ change, addStep, endAbove, clock }: ActionLifeOptions) {
  async function carryOut(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    if (row.attempts >= runsMax) {
      return await takeBack(row, action, stop, 'failed', `It was begun ${row.attempts} times and never ended.`);
    }
    const begun = await keep(row, { attempts: row.attempts + 1 });
    const task = taskOf(begun, action, stop);
    let result: Readonly<Record<string, unknown>>;
    try {
      result = await untilAborted(action.run(task), task.signal);
    } catch (error) {
      // Whoever stops the program goes on with this at the next start.
      if (stop.aborted) return begun;
      // What could not be written down may have been done: it is begun again once the store is back.
      if (task.unwritten !== undefined) throw task.unwritten;
      // It goes on when somebody is there again: now nothing could be taken back either.
      if (isAway(error)) return await keep(task.row, { attempts: row.attempts });
      return await takeBack(task.row, action, stop, 'failed', reasonOf(error));
    }
    const applied = await keep(task.row, { status: 'applied', result, appliedAt: clock.now(), attempts: 0 });
    return await look(applied, action, stop);
  }

  /** What is not there is taken back; where nobody could look, it is tried again for a while. */
  async function look(row: StoredAction, action: Action, stop: AbortSignal): Promise<StoredAction> {
    const task = taskOf(row, action, stop);
    const seen = await untilAborted(action.verify(task), task.signal).catch((error: unknown) => ({
      ...{ verified: false, looked: false },
      why: reasonOf(error),
    }));
    if (stop.aborted && !seen.looked) return row;
    const at = clock.now();
    const verification = { ...seen, at: at.toISOString() };
    if (seen.verified) return await keep(task.row, { status: 'verified', verification, verifiedAt: at });
    const attempts = row.attempts + 1;
    const looked = await keep(task.row, { verification, attempts, retryAt: later(attempts) });
    if (!seen.looked && (action.standsUnseen || attempts < looksMax)) return looked;
    return await takeBack(looked, action, stop, 'failed', seen.why);
  }

  async function takeBack(
    row: StoredAction,
    action: Action,
    stop: AbortSignal,
    endsAs: 'failed' | 'undone',
    error?: string,
  ): Promise<StoredAction> {
    const begun = await keep(row, { status: 'undoing', endsAs, ...(error === undefined ? {} : { error }) });
    const task = taskOf(begun, action, stop);
    const undone = await undoWithAbove(task, action);
    if (undone === undefined) return await keep(task.row, { status: endsAs, endedAt: clock.now() });
    const undoError = typeof undone === 'string' ? undone : undone.left;
    if (typeof undone !== 'string' && endsAs === 'failed') {
      return await keep(task.row, { status: 'failed', error: bothTold(begun.error, undoError), endedAt: clock.now() });
    }
    const attempts = begun.attempts + 1;
    return await keep(task.row, { undoError, attempts, retryAt: later(attempts) });
  }

  /** Ends, because each round takes something out for good. */
  async function undoWithAbove(task: StoredTask, action: Action): Promise<Exclude<Undone, { first: string }>> {
    for (;;) {
      const undone = await untilAborted(action.undo(task), task.signal).catch(reasonOf);
      if (typeof undone !== 'object' || !('first' in undone)) return undone;
      const why = await endAbove(undone.first, task.signal);
      if (why !== undefined) return why;
    }
  }

  function taskOf(begun: StoredAction, action: Action, stop: AbortSignal) {
    const task = {
      row: begun,
      signal: deadlineOf(action, stop),
      unwritten: undefined as unknown,
      async step(name: string, details: Readonly<Record<string, unknown>> = {}) {
        const at = clock.now();
        await addStep(begun.id, name, at, details).catch((error: unknown) => {
          task.unwritten = error;
          throw error;
        });
        task.row = { ...task.row, steps: [...task.row.steps, { name, at: at.toISOString(), details }] };
      },
    };
    return task;
  }

  async function keep(row: StoredAction, what: ActionChange): Promise<StoredAction> {
    await change(row.id, what);
    const { status = row.status, error = row.error, attempts = row.attempts, endsAs = row.endsAs } = what;
    const { result = row.result, verification = row.verification, undoError = row.undoError } = what;
    return { ...row, status, error, attempts, endsAs, result, verification, undoError };
  }

  function later(attempts: number): Date {
    return new Date(clock.now().getTime() + backoffMs(attempts, backoff));
  }

  return { carryOut, look, takeBack };
}

function isAway(error: unknown): boolean {
  return error instanceof CerberusError && error.code === 'SENSOR_AWAY';
}

/** Once where both are the same: what kept it from being done also keeps it from being taken back. */
function bothTold(error: string | null, undoError: string): string {
  if (error !== null && undoError.startsWith(error)) return error;
  return error === null ? undoError : `${error} It could not be taken back: ${undoError}`;
}
