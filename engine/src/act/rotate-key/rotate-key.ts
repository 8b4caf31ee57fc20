import { type RotateKeyParameters, rotateKeyDeclaration } from '@cerberusmesh/contract/managed-key';
import { z } from 'zod';
import { type Action, defineAction } from '../action.ts';
import type { KeyRotationParts } from './rotation-parts.ts';
import type { RotationWay } from './rotation-way.ts';

/** How each kind of key is replaced. */
export interface RotationWays {
  readonly ssh: RotationWay;
  readonly ec2: RotationWay;
  readonly lure: RotationWay;
}

const Plan = z.looseObject({ way: z.enum(['ssh', 'ec2', 'lure']).default('ssh') });

/** `rotate_key`: tells what kind of key it is about; the way is in the plan, so what was begun one way is finished that way. */
export function createRotateKey(
  ways: RotationWays,
  keys: Pick<KeyRotationParts['keys'], 'find' | 'findTried'>,
): Action {
  return defineAction({
    declaration: rotateKeyDeclaration,
    plan: Plan,
    async targets(wanted, { sensor, sessionId }) {
      if (wanted.key !== undefined || wanted.lure !== undefined) return [wanted];
      const names = sensor === null || sessionId === null ? [] : await keys.findTried(sensor, sessionId);
      if (names.length > 0) return names.map((name) => ({ key: name }));
      return 'No managed key is concerned: none was named, and the session tried the credentials of none.';
    },
    targetOf: ({ key = '', lure }) => (lure === undefined ? `key ${key}` : `lure ${lure}`),
    lifetimeSeconds: () => null,
    check: async (wanted, cause) => await ways[await wayOf(wanted)].check(wanted, cause),
    async makePlan(wanted, cause, id) {
      const way = await wayOf(wanted);
      return { ...(await ways[way].makePlan(wanted, cause, id)), way };
    },
    run: (task) => ways[task.plan.way].run(task),
    verify: (task) => ways[task.plan.way].verify(task),
    undo: (task) => ways[task.plan.way].undo(task),
  });

  async function wayOf({ key = '', lure }: RotateKeyParameters): Promise<keyof RotationWays> {
    return lure === undefined ? ((await keys.find(key))?.kind ?? 'ssh') : 'lure';
  }
}
