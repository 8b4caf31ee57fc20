import type { ActionCause } from '@cerberusmesh/contract/action';
import type { RotateKeyParameters } from '@cerberusmesh/contract/managed-key';
import type { z } from 'zod';
import type { Look, Task, Undone } from '../action.ts';

type RotateTask<Plan> = Task<RotateKeyParameters, Plan>;

/** How one kind of key is replaced; each function keeps what `ActionDefinition` says of it. */
export interface RotationWay {
  check(parameters: RotateKeyParameters, cause: ActionCause): Promise<string | undefined>;
  makePlan(parameters: RotateKeyParameters, cause: ActionCause, id: string): Promise<object>;
  run(task: RotateTask<unknown>): Promise<Readonly<Record<string, unknown>>>;
  verify(task: RotateTask<unknown>): Promise<Look>;
  undo(task: RotateTask<unknown>): Promise<Undone>;
}

/** A way whose plan is checked when it comes from the table. */
export function defineWay<Plan extends z.ZodObject>(definition: {
  readonly plan: Plan;
  readonly check: RotationWay['check'];
  makePlan(parameters: RotateKeyParameters, cause: ActionCause, id: string): Promise<z.output<Plan>>;
  run(task: RotateTask<z.output<Plan>>): Promise<Readonly<Record<string, unknown>>>;
  verify(task: RotateTask<z.output<Plan>>): Promise<Look>;
  undo(task: RotateTask<z.output<Plan>>): Promise<Undone>;
}): RotationWay {
  const { plan, check, makePlan, run, verify, undo } = definition;
  const withPlan = (task: RotateTask<unknown>) => ({ ...task, plan: plan.parse(task.plan) });
  return {
    check,
    makePlan,
    run: (task) => run(withPlan(task)),
    verify: (task) => verify(withPlan(task)),
    undo: (task) => undo(withPlan(task)),
  };
}
