import { z } from 'zod';
import type { Sighting } from './adaptation.ts';
import { Severity } from './severity.ts';

/** What can be carried out. All kinds of decision, and what follows from one (`lock_down` beside `escalate`), or what an operator brought (`plugin`). */
export const ActionKind = z.enum([
  'monitor',
  'rotate_key',
  'launch_decoy',
  'insert_trap',
  'escalate',
  'lock_down',
  'plugin',
]);
export type ActionKind = z.infer<typeof ActionKind>;

/**
 * waiting: a person must approve it. planned: written down; from here on something may have been touched. applied: it was
 * carried out, nobody has looked yet. verified: it stands, and was seen to. undoing: it must be taken back, and that did
 * not succeed yet. The rest are ends: dry_run and refused touched nothing, failed and undone left nothing standing.
 */
export const ActionStatus = z.enum([
  'waiting',
  'planned',
  'applied',
  'verified',
  'undoing',
  'dry_run',
  'refused',
  'failed',
  'undone',
]);
export type ActionStatus = z.infer<typeof ActionStatus>;

/** Why an action is asked for, and about whom. */
export const ActionCause = z.object({
  /** Of the decision or of a person's request: the same cause asks for the same action once. */
  causeId: z.uuid(),
  /** Null where a person asked. */
  decisionId: z.uuid().nullable(),
  /** `engine`, or `token:<name>`. */
  requestedBy: z.string(),
  reason: z.string(),
  severity: Severity,
  sensor: z.string().nullable(),
  sessionId: z.string().nullable(),
  sourceIp: z.string().nullable(),
});
export type ActionCause = Readonly<z.infer<typeof ActionCause>>;

/** What is asked for: parameters that are left out are found by the action itself. */
export const ActionRequest = z.object({
  kind: ActionKind,
  parameters: z.record(z.string(), z.unknown()).default({}),
  /** How long it stands; null: as long as the action says. */
  lifetimeSeconds: z.number().int().positive().nullable().default(null),
  /** Records what would be done and touches nothing. */
  dryRun: z.boolean().optional(),
  cause: ActionCause,
});
export type ActionRequest = Readonly<z.infer<typeof ActionRequest>>;

/** One thing that was done, written down as soon as it was. */
export const ActionStep = z.object({
  name: z.string(),
  at: z.iso.datetime(),
  details: z.record(z.string(), z.unknown()),
});
export type ActionStep = Readonly<z.infer<typeof ActionStep>>;

export const ActionVerification = z.object({
  verified: z.boolean(),
  /** False where nobody got to look, so that nothing is known either way. */
  looked: z.boolean(),
  /** A sentence: what was expected and what was seen. */
  why: z.string(),
  at: z.iso.datetime(),
});
export type ActionVerification = Readonly<z.infer<typeof ActionVerification>>;

/** An action that is about to be written down. */
export interface NewAction {
  readonly id: string;
  readonly kind: ActionKind;
  readonly target: string;
  readonly cause: ActionCause;
  readonly parameters: unknown;
  readonly plan: unknown;
  readonly status: ActionStatus;
  readonly error: string | null;
  readonly expiresAt: Date | null;
  /** What `expiresAt` was made of, in case the clock was wrong. */
  readonly lifetimeSeconds?: number | null;
}

/** What the runner needs to know of a stored action to go on with it or take it back. */
export interface StoredAction extends Omit<NewAction, 'lifetimeSeconds'> {
  readonly steps: readonly ActionStep[];
  readonly result: unknown;
  readonly verification: ActionVerification | null;
  /** How often it was begun, or its undoing tried. */
  readonly attempts: number;
  /** What `undoing` ends as. */
  readonly endsAs: 'failed' | 'undone' | null;
  /** Why taking it back did not succeed yet. */
  readonly undoError: string | null;
  readonly createdAt: Date;
}

/** What happened to it since. What is left out stays as it is. */
export interface ActionChange {
  readonly status?: ActionStatus;
  readonly plan?: unknown;
  readonly result?: unknown;
  /** With what was seen at each place, where that is told. */
  readonly verification?: ActionVerification & Partial<Sighting>;
  readonly error?: string;
  readonly undoError?: string;
  readonly endsAs?: 'failed' | 'undone';
  readonly attempts?: number;
  /** Not to be gone on with before. */
  readonly retryAt?: Date;
  readonly expiresAt?: Date;
  readonly lifetimeSeconds?: number;
  readonly approvedBy?: string;
  readonly appliedAt?: Date;
  readonly verifiedAt?: Date;
  readonly endedAt?: Date;
}

/** What an action says of itself: the policy checker, `cerberus actions` and the API are printed from these. */
export interface ActionDeclaration {
  readonly kind: ActionKind;
  /** One sentence. */
  readonly does: string;
  readonly needs: readonly string[];
  /** What a policy rule or a person may say; what is left out is found from the cause. */
  readonly parameters: z.ZodType;
  readonly example: Readonly<Record<string, unknown>>;
  /** One sentence: what undoing it gives back. */
  readonly undo: string;
  /** False: once it is verified it is an end in itself, and only a failed one is taken back. */
  readonly reversible: boolean;
  /** For carrying it out and looking at it, once. */
  readonly deadlineSeconds: number;
  /** How many may be begun in an hour, over all targets. */
  readonly budgetPerHour: number;
}
