import type {
  ActionCause,
  ActionDeclaration,
  ActionStep,
  ActionVerification,
  StoredAction,
} from '@cerberusmesh/contract/action';
import type { z } from 'zod';

/** One action on one target, as its own code sees it. */
export interface Task<P, Plan> {
  readonly id: string;
  readonly parameters: P;
  readonly plan: Plan;
  readonly cause: ActionCause;
  /** Of all runs: one that begins again after a kill sees what the one before it had done. */
  readonly steps: readonly ActionStep[];
  /** Aborts at the deadline, and when the program stops. */
  readonly signal: AbortSignal;
  /** Writes down that this is behind us; durable when it returns. */
  step(name: string, details?: Readonly<Record<string, unknown>>): Promise<void>;
}

export type Look = Pick<ActionVerification, 'verified' | 'looked' | 'why'>;

/** How an action is carried out. The runner owns order, record, deadline, approval, dry run, budget and lifetime. */
export interface ActionDefinition<P extends z.ZodType, Plan extends z.ZodType> {
  readonly declaration: ActionDeclaration & { readonly parameters: P };
  readonly plan: Plan;
  /** Completes what is wanted from the cause, one entry per target; a sentence where there is nothing to do it to. */
  targets(wanted: z.output<P>, cause: ActionCause): Promise<readonly z.output<P>[] | string>;
  /** The name of what it is done to. */
  targetOf(parameters: z.output<P>): string;
  /** Null: it does not expire. */
  lifetimeSeconds(parameters: z.output<P>): number | null;
  /** A sentence where it cannot or must not be done; touches nothing. */
  check(parameters: z.output<P>, cause: ActionCause): Promise<string | undefined>;
  /** Everything that finishing or undoing needs, secrets sealed; written down before `run` touches anything. */
  makePlan(parameters: z.output<P>, cause: ActionCause, id: string): Promise<z.output<Plan>>;
  /** Can be repeated: it looks at what stands, so that after a kill it goes on. Throws where it cannot. Gives the result. */
  run(task: Task<z.output<P>, z.output<Plan>>): Promise<Readonly<Record<string, unknown>>>;
  verify(task: Task<z.output<P>, z.output<Plan>>): Promise<Look>;
  /** Can be repeated, after any part of `run`. A sentence where it cannot be done now; it is tried again later. */
  undo(task: Task<z.output<P>, z.output<Plan>>): Promise<string | undefined>;
}

/** An action whose types are checked when it comes from the table. */
export interface Action {
  readonly declaration: ActionDeclaration;
  targets(wanted: unknown, cause: ActionCause): Promise<readonly unknown[] | string>;
  targetOf(parameters: unknown): string;
  lifetimeSeconds(parameters: unknown): number | null;
  check(parameters: unknown, cause: ActionCause): Promise<string | undefined>;
  makePlan(parameters: unknown, cause: ActionCause, id: string): Promise<unknown>;
  run(task: StoredTask): Promise<Readonly<Record<string, unknown>>>;
  verify(task: StoredTask): Promise<Look>;
  undo(task: StoredTask): Promise<string | undefined>;
}

/** What the runner hands to an action: the stored row, and how to go on. */
export interface StoredTask extends Pick<Task<unknown, unknown>, 'signal' | 'step'> {
  readonly row: StoredAction;
}

export function defineAction<P extends z.ZodType, Plan extends z.ZodType>(
  definition: ActionDefinition<P, Plan>,
): Action {
  const schema = definition.declaration.parameters;
  const taskOf = ({ row, signal, step }: StoredTask): Task<z.output<P>, z.output<Plan>> => ({
    id: row.id,
    parameters: schema.parse(row.parameters),
    plan: definition.plan.parse(row.plan),
    cause: row.cause,
    steps: row.steps,
    signal,
    step,
  });
  return {
    declaration: definition.declaration,
    async targets(wanted, cause) {
      const parsed = schema.safeParse(wanted);
      if (parsed.success) return await definition.targets(parsed.data, cause);
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'parameters'}: ${message}`);
      return `The parameters are not of the expected form: ${faults.join('; ')}.`;
    },
    targetOf: (parameters) => definition.targetOf(schema.parse(parameters)),
    lifetimeSeconds: (parameters) => definition.lifetimeSeconds(schema.parse(parameters)),
    check: (parameters, cause) => definition.check(schema.parse(parameters), cause),
    makePlan: (parameters, cause, id) => definition.makePlan(schema.parse(parameters), cause, id),
    run: (task) => definition.run(taskOf(task)),
    verify: (task) => definition.verify(taskOf(task)),
    undo: (task) => definition.undo(taskOf(task)),
  };
}
