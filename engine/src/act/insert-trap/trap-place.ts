import type { ActionCause } from '@cerberusmesh/contract/action';
import type { AdaptationPlan } from '@cerberusmesh/contract/adaptation';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import type { TrapChoice } from '@cerberusmesh/contract/insert-trap';
import type { Look, Task, Undone } from '../action.ts';

/** One adaptation at one place, as the runner hands it over. */
export interface Trap extends Pick<Task<unknown, AdaptationPlan>, 'plan' | 'cause' | 'steps' | 'signal' | 'step'> {
  readonly type: AdaptationType;
}

/** A honeypot whose world can be changed. It knows its files; order, record, deadline and taking back in time are the runner's. */
export interface TrapPlace {
  /** How long an adaptation stands here; null: it stays. */
  readonly lifetimeSeconds: number | null;
  /** What of this can be had here. */
  choose(wanted: readonly AdaptationType[]): readonly AdaptationType[];
  /** A sentence where it cannot be had. */
  check(type: AdaptationType, cause: ActionCause): Promise<string | undefined>;
  makePlan(type: AdaptationType, cause: ActionCause, choice: TrapChoice): Promise<AdaptationPlan>;
  /** Can be repeated. Throws CerberusError SENSOR_AWAY where nobody is there now. */
  run(trap: Trap): Promise<void>;
  look(trap: Trap): Promise<Look>;
  undo(trap: Trap): Promise<Undone>;
  /** Why what stands here is never taken back, as a sentence. */
  explainKept?(): string;
}
