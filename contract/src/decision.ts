import { z } from 'zod';
import { Score } from './assessment.ts';
import { Severity } from './severity.ts';

export const DecisionKind = z.enum(['monitor', 'rotate_key', 'launch_decoy', 'insert_trap', 'escalate']);
export type DecisionKind = z.infer<typeof DecisionKind>;

/** The seed's names for changes to a honeypot's world. */
export const AdaptationType = z.enum([
  'BANNER_CHANGE',
  'AWS_CREDENTIALS',
  'DATABASE_CONFIG',
  'SSH_KEYS',
  'BACKUP_SCRIPT',
]);
export type AdaptationType = z.infer<typeof AdaptationType>;

/** What was decided about a session and why; `monitor` with a reason is a decision too. */
export const Decision = z.object({
  id: z.uuid(),
  decidedAt: z.iso.datetime(),
  decision: DecisionKind,
  /** Adaptations to carry out, for `insert_trap`. */
  adaptations: z.array(AdaptationType),
  /** Id of the policy rule. */
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
  policyVersion: z.string(),
  modelVersion: z.string(),
});
export type Decision = Readonly<z.infer<typeof Decision>>;

export const AdaptationStatus = z.enum(['planned', 'dry_run', 'applied', 'verified', 'failed', 'rolled_back']);
export type AdaptationStatus = z.infer<typeof AdaptationStatus>;
