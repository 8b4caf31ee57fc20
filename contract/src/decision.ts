import { z } from 'zod';
import { Score } from './assessment.ts';
import { Severity } from './severity.ts';
import { DecisionInputs } from './situation.ts';

export const DecisionKind = z.enum(['monitor', 'rotate_key', 'launch_decoy', 'insert_trap', 'escalate']);
export type DecisionKind = z.infer<typeof DecisionKind>;

/** Changes to a honeypot's world; the first five names are the seed's. */
export const AdaptationType = z.enum([
  'BANNER_CHANGE',
  'AWS_CREDENTIALS',
  'DATABASE_CONFIG',
  'SSH_KEYS',
  'BACKUP_SCRIPT',
  // Ours, beside the seed's five.
  'SSH_CONFIG',
  'DOCKER_CONFIG',
  'KUBE_CONFIG',
  'GIT_CREDENTIALS',
  'ENV_FILE',
  'DATABASE_CLIENT',
  'TERRAFORM_STATE',
  'CRYPTO_WALLET',
  'PERSONA_CHANGE',
]);
export type AdaptationType = z.infer<typeof AdaptationType>;

/** `act`: carry it out. `ask`: carry it out once a person has agreed. `nothing`: only recorded. */
export const Verdict = z.enum(['act', 'ask', 'nothing']);
export type Verdict = z.infer<typeof Verdict>;

/** What kept a rule's decision from being carried out. */
export const GuardName = z.enum([
  'recording',
  'kill_switch',
  'own',
  'auto_adaptation',
  'auto_action',
  'history',
  'threat_score',
  'confidence',
  'control_group',
  'cooldown',
  'budget',
  'blast_radius',
]);
export type GuardName = z.infer<typeof GuardName>;

/** What is done in the same breath as the decision: the address goes onto the block feed, and where allowed into a firewall. */
export const Companion = z.enum(['lock_down', 'plugin']);
export type Companion = z.infer<typeof Companion>;

/** Recorded where one of several fitting lures was chosen by chance: the same counts and seed give the same draws. */
export const Draw = z.object({
  adaptation: AdaptationType,
  touched: z.number().int(),
  untouched: z.number().int(),
  draw: z.number(),
});
export type Draw = Readonly<z.infer<typeof Draw>>;

/** What was decided about a session and why; doing nothing, with its reason, is a decision too. */
export const Decision = z.object({
  id: z.uuid(),
  decidedAt: z.iso.datetime(),
  /** What is done. A guard's objection makes a `monitor` of it, with the verdict `nothing`. */
  decision: DecisionKind,
  verdict: Verdict.default('act'),
  /** What the rule wanted, whatever the guards said. */
  wanted: DecisionKind.default('monitor'),
  guard: GuardName.nullable().default(null),
  /** What it is aimed at: `sensor:<name>`, `attacker:<address>`, `key:<name>`, `lure:<id>` or `campaign:<id>`. */
  target: z.string().default(''),
  /** Adaptations to carry out, for `insert_trap`. */
  adaptations: z.array(AdaptationType),
  also: z.array(Companion).default([]),
  /** Of the rule, for the action; the action's own schema checks them. */
  parameters: z.record(z.string(), z.json()).default({}),
  /** Of what is done in the same breath, by its name. */
  alsoParameters: z.partialRecord(Companion, z.record(z.string(), z.json())).default({}),
  /** How long it stands; null: as long as the action usually lasts. */
  lifetimeSeconds: z.number().int().nullable().default(null),
  /** For `ask`: how long a person has. */
  approvalSeconds: z.number().int().nullable().default(null),
  /** For a notice in quiet hours: not sent before. Protection never waits. */
  quietUntil: z.iso.datetime().nullable().default(null),
  draws: z.array(Draw).default([]),
  /** Id of the policy rule; `none` where no rule held. */
  rule: z.string(),
  /** A sentence for people. */
  why: z.string(),
  sensor: z.string(),
  sessionId: z.string(),
  sourceIp: z.string().nullable(),
  eventId: z.uuid(),
  severity: Severity,
  threatScore: Score,
  confidence: Score,
  /** The policy's own version and the beginning of its content's hash. */
  policyVersion: z.string(),
  modelVersion: z.string(),
  /** Null in decisions from before inputs were recorded. */
  inputs: DecisionInputs.nullable().default(null),
});
export type Decision = Readonly<z.infer<typeof Decision>>;

export const AdaptationStatus = z.enum(['planned', 'dry_run', 'applied', 'verified', 'failed', 'rolled_back']);
export type AdaptationStatus = z.infer<typeof AdaptationStatus>;
