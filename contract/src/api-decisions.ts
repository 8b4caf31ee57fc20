import { z } from 'zod';
import { page, paging, queryText } from './api.ts';
import { AdaptationStatus, DecisionKind, Verdict } from './decision.ts';

export const DecisionQuery = z.strictObject({
  decision: DecisionKind.optional(),
  verdict: Verdict.optional(),
  rule: queryText(60).optional(),
  session_id: queryText(255).optional(),
  ...paging,
});
export type DecisionQuery = Readonly<z.infer<typeof DecisionQuery>>;

export const DecisionRecord = z.object({
  id: z.string(),
  decided_at: z.string(),
  decision: z.string(),
  verdict: z.string().describe('act, ask (a person must agree) or nothing'),
  wanted: z.string().describe('What the rule wanted, whatever the guards said'),
  guard: z.string().nullable().describe('What kept it from being done'),
  target: z.string(),
  adaptations: z.array(z.string()),
  rule: z.string(),
  why: z.string(),
  sensor: z.string(),
  session_id: z.string(),
  source_ip: z.string().nullable(),
  event_id: z.string(),
  severity: z.string(),
  threat_score: z.number(),
  confidence: z.number(),
  policy_version: z.string(),
  model_version: z.string(),
});
export type DecisionRecord = Readonly<z.infer<typeof DecisionRecord>>;
export const DecisionPage = page(DecisionRecord);

export const AdaptationQuery = z.strictObject({
  status: AdaptationStatus.optional(),
  session_id: queryText(255).optional(),
  sensor: queryText(255).optional(),
  cause_id: z.guid().optional().describe('What POST /api/actions answered'),
  ...paging,
});
export type AdaptationQuery = Readonly<z.infer<typeof AdaptationQuery>>;

export const AdaptationRecord = z.object({
  id: z.string(),
  decision_id: z.string().nullable(),
  cause_id: z.string().nullable().describe("Of a person's order, which follows from no decision"),
  requested_by: z.string().describe('engine, or the person who ordered it'),
  action_type: z.string(),
  severity: z.string(),
  sensor: z.string(),
  session_id: z.string().nullable(),
  source_ip: z.string().nullable(),
  reason: z.string(),
  status: z.string(),
  success: z.boolean().nullable(),
  action_details: z.unknown(),
  old_config: z.unknown(),
  new_config: z.unknown(),
  steps: z.array(z.object({ name: z.string(), at: z.string(), details: z.unknown() })),
  verification: z.unknown(),
  error: z.string().nullable(),
  undo_error: z.string().nullable().describe('Why taking it back did not succeed yet; it is tried again'),
  expires_at: z.string().nullable(),
  applied_at: z.string().nullable(),
  verified_at: z.string().nullable(),
  rolled_back_at: z.string().nullable(),
  created_at: z.string(),
});
export type AdaptationRecord = Readonly<z.infer<typeof AdaptationRecord>>;
export const AdaptationPage = page(AdaptationRecord);

/** Why a person takes an adaptation back; `false_alarm` counts into the false positive rate of /metrics. */
export const RollbackRequest = z.strictObject({
  reason: z.enum(['false_alarm', 'no_longer_needed', 'test', 'other']).default('other'),
  note: z.string().max(500).optional(),
});
export type RollbackRequest = Readonly<z.infer<typeof RollbackRequest>>;
