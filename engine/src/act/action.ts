import type {
  ActionCause,
  ActionDeclaration,
  ActionStep,
  ActionVerification,
  StoredAction,
} from '@cerberusmesh/contract/action';
import type { Sighting } from '@cerberusmesh/contract/adaptation';
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

/** What was seen of it, as far as it goes place by place. */
export type Look = Pick<ActionVerification, 'verified' | 'looked' | 'why'> &
  Partial<Pick<Sighting, 'sights' | 'tookMs'>>;

/**
 * Undefined: nothing of it is left. A sentence: it cannot be done now, and is tried again. `left`: what is there now is
 * somebody else's, so it was not touched; with that a failed one ends, and a standing one is tried again. `first`: the id
 * of another one of the same place, which is taken back before this one is asked again.
 */
export type Undone = string | undefined | { readonly left: string } | { readonly first: string };

/** How an action is carried out. The runner owns order, record, deadline, approval, dry run, budget and lifetime. */
export interface ActionDefinition<P extends z.ZodType, Plan extends z.ZodType> {
  readonly declaration: ActionDeclaration & { readonly parameters: P };
  readonly plan: Plan;
  /** Completes what is wanted from the cause, one entry per target; a sentence where there is nothing to do it to. */
  targets(wanted: z.output<P>, cause: ActionCause): Promise<readonly z.output<P>[] | string>;
  /** The name of what it is done to. */
  targetOf(parameters: z.output<P>): string;
  /**
   * Where things of this kind lie on top of each other: one is changed at a time there, what a kill left half-made is
   * finished before the next is planned. Unless told, nothing lies on anything, and each target is a place of its own.
   */
  placeOf?(cause: ActionCause): string;
  /** False where another process must go on with it; true unless told. */
  reaches?(cause: ActionCause): boolean;
  /** Null: it does not expire. */
  lifetimeSeconds(parameters: z.output<P>, cause: ActionCause): number | null;
  /** A sentence where it cannot or must not be done; touches nothing. */
  check(parameters: z.output<P>, cause: ActionCause): Promise<string | undefined>;
  /** Everything that finishing or undoing needs, secrets sealed; written down before `run` touches anything. */
  makePlan(parameters: z.output<P>, cause: ActionCause, id: string): Promise<z.output<Plan>>;
  /**
   * Can be repeated: it looks at what stands, so that after a kill it goes on. Throws where it cannot; CerberusError
   * SENSOR_AWAY where it will as soon as somebody is there again. Gives the result.
   */
  run(task: Task<z.output<P>, z.output<Plan>>): Promise<Readonly<Record<string, unknown>>>;
  verify(task: Task<z.output<P>, z.output<Plan>>): Promise<Look>;
  /** Where nobody could look it goes on standing, and is looked at again; unless told it is taken back after a few times. */
  readonly standsUnseen?: true;
  /** Can be repeated, after any part of `run`. */
  undo(task: Task<z.output<P>, z.output<Plan>>): Promise<Undone>;
  /** Why one that stands is never taken back, as a sentence. */
  explainKept?(plan: z.output<Plan>, cause: ActionCause): string | undefined;
}

/** An action whose types are checked when it comes from the table. */
export interface Action {
  readonly declaration: ActionDeclaration;
  targets(wanted: unknown, cause: ActionCause): Promise<readonly unknown[] | string>;
  targetOf(parameters: unknown): string;
  /** Undefined: nothing lies on anything. */
  placeOf(cause: ActionCause): string | undefined;
  reaches(cause: ActionCause): boolean;
  lifetimeSeconds(parameters: unknown, cause: ActionCause): number | null;
  check(parameters: unknown, cause: ActionCause): Promise<string | undefined>;
  makePlan(parameters: unknown, cause: ActionCause, id: string): Promise<unknown>;
  run(task: StoredTask): Promise<Readonly<Record<string, unknown>>>;
  verify(task: StoredTask): Promise<Look>;
  readonly standsUnseen: boolean;
  undo(task: StoredTask): Promise<Undone>;
  explainKept(row: Pick<StoredAction, 'plan' | 'cause'>): string | undefined;
}

/** What the runner hands to an action: the stored row, and how to go on. */
export interface StoredTask extends Pick<Task<unknown, unknown>, 'signal' | 'step'> {
  readonly row: StoredAction;
}

/**
 * An action as its runner knows it: parameters and plans come from the database, so both are parsed before the action
 * sees them.
 */
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
    placeOf: (cause) => definition.placeOf?.(cause),
    reaches: (cause) => definition.reaches?.(cause) ?? true,
    lifetimeSeconds: (parameters, cause) => definition.lifetimeSeconds(schema.parse(parameters), cause),
    check: (parameters, cause) => definition.check(schema.parse(parameters), cause),
    makePlan: (parameters, cause, id) => definition.makePlan(schema.parse(parameters), cause, id),
    run: (task) => definition.run(taskOf(task)),
    verify: (task) => definition.verify(taskOf(task)),
    standsUnseen: definition.standsUnseen ?? false,
    undo: (task) => definition.undo(taskOf(task)),
    explainKept: ({ plan, cause }) => definition.explainKept?.(definition.plan.parse(plan), cause),
  };
}
