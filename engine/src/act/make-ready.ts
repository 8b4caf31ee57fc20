import type { ActionCause, ActionKind, ActionRequest, NewAction } from '@cerberusmesh/contract/action';
import type { Clock } from '../kit/clock.ts';
import { reasonOf } from '../kit/reason-of.ts';
import type { Action } from './action.ts';
import type { ActionStore } from './action-store.ts';
import { deadlineOf, untilAborted } from './deadline.ts';

export type Approval =
  | { readonly kind: 'granted'; readonly by: string | null }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'denied'; readonly why: string };

export interface ApprovalAsk extends Pick<NewAction, 'id' | 'kind' | 'target' | 'parameters' | 'cause'> {}

/** What is asked of one target. */
export interface Asked
  extends Pick<NewAction, 'kind' | 'target' | 'parameters' | 'cause'>,
    Pick<ActionRequest, 'lifetimeSeconds' | 'dryRun'> {}

/** What becomes of it. */
export interface Ready extends Pick<NewAction, 'plan' | 'error'> {
  readonly expiresAt: Date | null;
  readonly lifetimeSeconds: number | null;
  readonly status: 'refused' | 'waiting' | 'dry_run' | 'planned';
  readonly approvedBy: string | null;
}

export interface MakeReadyOptions {
  readonly store: Pick<ActionStore, 'countBegun'>;
  readonly clock: Clock;
  readonly dryRun: boolean;
  readonly approve: (ask: ApprovalAsk) => Promise<Approval>;
  readonly objection: (kind: ActionKind) => string | undefined;
  /** Rejects where what lies half-made in the same place cannot be finished yet. */
  readonly finishHalfMade: (action: Action, cause: ActionCause, stop: AbortSignal) => Promise<void>;
}

export type MakeReady = (action: Action, asked: Asked & { id: string }, stop: AbortSignal) => Promise<Ready>;

const hourSeconds = 3600;

/** check → approve → plan → dry run: what becomes of an action before anything is touched. */
export function createMakeReady(options: MakeReadyOptions): MakeReady {
  const { store, clock, dryRun, approve, objection, finishHalfMade } = options;

  return async function makeReady(action, asked, stop) {
    const { id, parameters, cause } = asked;
    const nothing = { plan: null, error: null, expiresAt: null, lifetimeSeconds: null, approvedBy: null };
    const objected = await findObjection(action, parameters, cause, stop);
    if (objected !== undefined) return { ...nothing, status: 'refused', error: objected };
    const approval = await approve(asked);
    if (approval.kind === 'denied') return { ...nothing, status: 'refused', error: approval.why };
    if (approval.kind === 'waiting') return { ...nothing, status: 'waiting' };
    const isDryRun = dryRun || asked.dryRun === true;
    try {
      if (!isDryRun) await finishHalfMade(action, cause, stop);
      const plan = await untilAborted(action.makePlan(parameters, cause, id), deadlineOf(action, stop));
      if (isDryRun) return { ...nothing, status: 'dry_run', plan };
      const seconds = lifetimeOf(action, plan, asked);
      const expiresAt = seconds === null ? null : new Date(clock.now().getTime() + seconds * 1000);
      return { status: 'planned', plan, error: null, expiresAt, lifetimeSeconds: seconds, approvedBy: approval.by };
    } catch (error) {
      // Whoever stops the program asks for it again at the next start.
      if (stop.aborted) throw error;
      return { ...nothing, status: 'refused', error: reasonOf(error) };
    }
  };

  async function findObjection(
    action: Action,
    parameters: unknown,
    cause: ActionCause,
    stop: AbortSignal,
  ): Promise<string | undefined> {
    const { kind, budgetPerHour } = action.declaration;
    const stopped = objection(kind);
    if (stopped !== undefined) return stopped;
    const begun = await store.countBegun(kind, hourSeconds);
    if (begun >= budgetPerHour) return `The budget of ${budgetPerHour} in an hour is used up.`;
    return await untilAborted(action.check(parameters, cause), deadlineOf(action, stop)).catch((error: unknown) => {
      // Whoever stops the program asks for it again at the next start.
      if (stop.aborted) throw error;
      return reasonOf(error);
    });
  }

  function lifetimeOf(action: Action, plan: unknown, { parameters, cause, lifetimeSeconds }: Asked): number | null {
    if (action.explainKept({ plan, cause }) !== undefined) return null;
    return lifetimeSeconds ?? action.lifetimeSeconds(parameters, cause);
  }
}
