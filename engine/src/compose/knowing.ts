import type { PolicyGuards } from '@cerberusmesh/contract/policy';
import type { ComposedActions } from './actions.ts';
import type { Ground } from './ground.ts';
import { composeLearning, type Learning } from './learning/compose-learning.ts';
import { composeLures, type Lures } from './lures.ts';
import { type ComposedSignals, composeSignals } from './signals.ts';

export interface Knowing {
  readonly lures: Lures;
  readonly learning: Learning;
  readonly signals: ComposedSignals;
}

/** What is known of a visitor: which of our secrets he uses, what the models make of him, and what others say. */
export async function composeKnowing(
  ground: Ground,
  later: {
    /** Of the policy in force; asked when a lure is to be planted, because what decides is built on what is known. */
    readonly guards: () => PolicyGuards;
    /** Asked with each change: what acts is built after what decides. */
    readonly actions: () => Pick<ComposedActions, 'triedKeyOf' | 'watching'>;
  },
): Promise<Knowing> {
  const { settings, bus } = ground;
  const lures = await composeLures({
    ...{ ...ground, settings: settings.current },
    guards: later.guards,
    publish: bus.publish,
  });
  const learning = await composeLearning(ground);
  const signals = await composeSignals(ground, { lures, learning, actions: later.actions });
  return { lures, learning, signals };
}
