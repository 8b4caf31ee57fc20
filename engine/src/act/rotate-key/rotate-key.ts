import { RotateKeyParameters, rotateKeyDeclaration } from '@cerberusmesh/contract/managed-key';
import { z } from 'zod';
import type { Action, StoredTask } from '../action.ts';
import type { KeyRotationParts } from './rotation-parts.ts';

/** How each kind of key is replaced. */
export interface RotationWays {
  readonly ssh: Action;
  readonly ec2: Action;
  readonly lure: Action;
}

const Planned = z.looseObject({ way: z.enum(['ssh', 'ec2', 'lure']).default('ssh') });

/** `rotate_key`: tells what kind of key it is about; the way is in the plan, so what was begun one way is finished that way. */
export function createRotateKey(
  ways: RotationWays,
  keys: Pick<KeyRotationParts['keys'], 'find' | 'findTried'>,
): Action {
  const wayOfPlan = ({ row }: StoredTask): Action => ways[Planned.parse(row.plan ?? {}).way];

  return {
    ...ways.ssh,
    declaration: { ...rotateKeyDeclaration, parameters: RotateKeyParameters },
    async targets(given, cause) {
      const wanted = await ways.ssh.targets(given, cause);
      if (typeof wanted === 'string') return wanted;
      const { key, lure } = RotateKeyParameters.parse(given);
      if (key !== undefined || lure !== undefined) return wanted;
      const { sensor, sessionId } = cause;
      const names = sensor === null || sessionId === null ? [] : await keys.findTried(sensor, sessionId);
      if (names.length > 0) return names.map((name) => ({ key: name }));
      return 'No managed key is concerned: none was named, and the session tried the credentials of none.';
    },
    targetOf(given) {
      const { key = '', lure } = RotateKeyParameters.parse(given);
      return lure === undefined ? `key ${key}` : `lure ${lure}`;
    },
    lifetimeSeconds: () => null,
    check: async (given, cause) => await ways[await wayOf(given)].check(given, cause),
    async makePlan(given, cause, id) {
      const way = await wayOf(given);
      return { ...Object(await ways[way].makePlan(given, cause, id)), way };
    },
    run: (task) => wayOfPlan(task).run(task),
    verify: (task) => wayOfPlan(task).verify(task),
    undo: (task) => wayOfPlan(task).undo(task),
  };

  async function wayOf(given: unknown): Promise<keyof RotationWays> {
    const { key = '', lure } = RotateKeyParameters.parse(given);
    return lure === undefined ? ((await keys.find(key))?.kind ?? 'ssh') : 'lure';
  }
}
