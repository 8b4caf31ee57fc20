import type { ActionCause } from '@cerberusmesh/contract/action';
import { AdaptationPlan } from '@cerberusmesh/contract/adaptation';
import type { AdaptationType } from '@cerberusmesh/contract/decision';
import { CerberusError } from '@cerberusmesh/contract/errors';
import { type InsertTrapParameters, insertTrapDeclaration, type TrapChoice } from '@cerberusmesh/contract/insert-trap';
import { type Action, defineAction, type Task } from '../action.ts';
import type { Trap, TrapPlace } from './trap-place.ts';

/** Adaptations lie on top of each other; one that newer ones cover is taken out from below them. */
export interface TrapLayers {
  /**
   * `on_top`: its files are to be put back. `lifted`: it is out, and what lay on it gives back what stood before both.
   * `first`: this one, which covers a part of it, is to be taken back before.
   */
  liftOut(adaptationId: string): Promise<'on_top' | 'lifted' | { readonly waits: string } | { readonly first: string }>;
}

/** `insert_trap`: one adaptation of one honeypot's world. `findPlace` gives undefined where none of ours has that name. */
export function createInsertTrap(findPlace: (sensor: string) => TrapPlace | undefined, layers: TrapLayers): Action {
  return defineAction({
    declaration: insertTrapDeclaration,
    plan: AdaptationPlan,
    async targets(wanted, cause) {
      const chosen = placeAt(cause)?.choose(wanted.adaptations) ?? wanted.adaptations;
      const { persona, banner, ...rest } = wanted;
      return chosen.map((type) => ({ ...rest, adaptations: [type], ...choiceFor(type, { persona, banner }) }));
    },
    targetOf: typeOf,
    placeOf: sensorOf,
    reaches: (cause) => placeAt(cause) !== undefined,
    lifetimeSeconds: ({ minutes }, cause) =>
      minutes === undefined ? (placeAt(cause)?.lifetimeSeconds ?? null) : minutes * 60,
    async check(wanted, cause) {
      return await (placeAt(cause)?.check(typeOf(wanted), cause) ?? notPrepared(unknownSentence(cause)));
    },
    makePlan: async (wanted, cause) => await knownPlace(cause).makePlan(typeOf(wanted), cause, wanted),
    async run(task) {
      await knownPlace(task.cause).run(trapOf(task));
      return {};
    },
    verify: async (task) => await knownPlace(task.cause).look(trapOf(task)),
    standsUnseen: true,
    async undo(task) {
      const lifted = await layers.liftOut(task.id);
      if (lifted === 'on_top') return await knownPlace(task.cause).undo(trapOf(task));
      if (lifted === 'lifted') return undefined;
      return 'first' in lifted ? lifted : lifted.waits;
    },
    explainKept({ details }, cause) {
      return details['way'] === 'plugin'
        ? 'It lies in one session alone, where its visitor has seen it; it ends with that session.'
        : placeAt(cause)?.explainKept?.();
    },
  });

  function placeAt(cause: ActionCause): TrapPlace | undefined {
    return findPlace(sensorOf(cause));
  }

  function knownPlace(cause: ActionCause): TrapPlace {
    const place = placeAt(cause);
    if (!place) throw new CerberusError('SENSOR_AWAY', unknownSentence(cause));
    return place;
  }
}

/** The sentence of the error catalogue, with what is the matter here. */
export function notPrepared(detail: string): string {
  return new CerberusError('COWRIE_NOT_PREPARED', detail).message;
}

function unknownSentence(cause: ActionCause): string {
  return `No folder is known for the Cowrie that writes as "${sensorOf(cause)}"; set CERBERUS_COWRIE_DIR.`;
}

function sensorOf({ sensor }: ActionCause): string {
  return sensor ?? '';
}

/** Each target is one of what was wanted. */
function typeOf({ adaptations: [type] }: InsertTrapParameters): AdaptationType {
  if (type === undefined) throw new Error('no adaptation is named');
  return type;
}

/** Each target takes what was chosen for it, and nothing else. */
function choiceFor(type: AdaptationType, { persona, banner }: Loose<TrapChoice>): TrapChoice {
  if (type === 'PERSONA_CHANGE' && persona !== undefined) return { persona };
  return type === 'BANNER_CHANGE' && banner !== undefined ? { banner } : {};
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

function trapOf({ parameters, plan, cause, steps, signal, step }: Task<InsertTrapParameters, AdaptationPlan>): Trap {
  return { type: typeOf(parameters), plan, cause, steps, signal, step };
}
