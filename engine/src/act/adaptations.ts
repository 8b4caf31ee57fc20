import type { ActionRequest } from '@cerberusmesh/contract/action';
import type { ActJob } from '@cerberusmesh/contract/adaptation';
import type { Decision } from '@cerberusmesh/contract/decision';
import { InsertTrapParameters, TrapChoice } from '@cerberusmesh/contract/insert-trap';
import type { Clock } from '../kit/clock.ts';
import type { ActionStore } from './action-store.ts';
import { type ActionOutcome, type ActionsOptions, createActions } from './actions.ts';
import { createInsertTrap, type TrapLayers } from './insert-trap/insert-trap.ts';
import type { TrapPlace } from './insert-trap/trap-place.ts';

/** `refused`: it does not stand, or the honeypot's file was changed by somebody else; `explanation` says it. */
export type RollbackOutcome =
  | { readonly kind: 'rolled_back' }
  | { readonly kind: 'not_found' }
  | { readonly kind: 'refused'; readonly explanation: string };

/** The runner of actions over the table `adaptations`, in the words of those who read that table. */
export interface Adaptations {
  /** Carries out what was decided, or finishes what a kill left of it; the same job may be run again. */
  run(job: ActJob, stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /** The same for what a person ordered. */
  order(request: ActionRequest, stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  rollback(adaptationId: string, stop?: AbortSignal): Promise<RollbackOutcome>;
  /** The kill switch: all that stand, newest first; `error` says why one was not taken back. */
  rollbackAll(stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /** For the start, and when a sensor is there again: finishes what a killed process began, looks where nobody could. */
  recover(stop: AbortSignal): Promise<readonly ActionOutcome[]>;
  /** For now and then: goes on with what is due, takes back what has stood for its time, and gives how many those were. */
  expire(stop?: AbortSignal): Promise<number>;
}

export interface AdaptationsOptions {
  readonly store: ActionStore & TrapLayers;
  readonly findPlace: (sensor: string) => TrapPlace | undefined;
  readonly clock: Clock;
  /** Records what would be done and touches nothing. */
  readonly dryRun: boolean;
  readonly objection?: NonNullable<ActionsOptions['objection']>;
  readonly ended: (outcome: ActionOutcome) => void;
}

/** The job of the act stage that follows from a decision. */
export function actJobOf(decision: Decision): ActJob {
  const { id, adaptations: wanted, sensor, sessionId, sourceIp, severity, why, lifetimeSeconds } = decision;
  const about = { sensor, sessionId, sourceIp, severity, reason: why, lifetimeSeconds };
  return { decisionId: id, adaptations: wanted, choice: TrapChoice.parse(decision.parameters), ...about };
}

/** Adaptations as one kind of action: their runner, over the table that the first seed names. */
export function createAdaptations({ findPlace, ...options }: AdaptationsOptions): Adaptations {
  const never = new AbortController().signal;
  const actions = createActions({
    ...options,
    actions: [createInsertTrap(findPlace, options.store)],
    // Where a person's word is wanted, the job is queued in the transaction of his answer.
    approve: async () => ({ kind: 'granted', by: null }),
  });
  return {
    async run({ decisionId, adaptations, choice, lifetimeSeconds = null, ...about }, stop) {
      const cause = { ...about, causeId: decisionId, decisionId, requestedBy: 'engine' };
      const parameters = { sensor: about.sensor, adaptations, ...choice };
      return await actions.request({ kind: 'insert_trap', parameters, lifetimeSeconds, cause }, stop);
    },
    async order(request, stop) {
      const { sensor, address = null } = InsertTrapParameters.parse(request.parameters);
      return await actions.request({ ...request, cause: { ...request.cause, sensor, sourceIp: address } }, stop);
    },
    async rollback(id, stop = never) {
      const outcome = await actions.undo(id, stop);
      return outcome.kind === 'undone' ? { kind: 'rolled_back' } : outcome;
    },
    rollbackAll: actions.undoAll,
    recover: (stop) => actions.recover(stop, 'all'),
    async expire(stop = never) {
      await actions.recover(stop);
      return await actions.expire(stop);
    },
  };
}
