import { z } from 'zod';
import { Moment } from './api.ts';
import { DecisionRecord } from './api-decisions.ts';

export const PolicyRecord = z.object({
  version: z.string().describe("The policy's own, and the beginning of its content's hash"),
  policy: z.unknown(),
});
export type PolicyRecord = Readonly<z.infer<typeof PolicyRecord>>;

/** Any JSON: its faults are the answer. */
export const PolicyText = z.record(z.string(), z.unknown());

export const DryRunRequest = z.strictObject({
  policy: PolicyText.optional().describe('Without it the one in force'),
  from: Moment.optional().describe('A week ago'),
  to: Moment.optional().describe('Exclusive; now'),
});
export type DryRunRequest = Readonly<z.infer<typeof DryRunRequest>>;

const Counts = z.record(z.string(), z.number().int());

/** What would have happened. */
export const DryRunReport = z.object({
  version: z.string(),
  from: z.string(),
  to: z.string(),
  sessions: z.number().int(),
  moments: z.number().int().describe('Recorded states of sessions that were decided on again'),
  complete: z.boolean().describe('False where the period held more than was read'),
  recorded: Counts.describe('What was decided to be done then, by kind; `(asked)` where a person had to agree'),
  would: Counts.describe('What would have been'),
  kept_from: Counts.describe('What guards would have kept from being done, by guard'),
  sessions_changed: z.number().int(),
  changes: z
    .array(
      z.object({
        at: z.string(),
        sensor: z.string(),
        session_id: z.string(),
        source_ip: z.string().nullable(),
        recorded: z.array(z.string()).describe('In words: with what, for how long, and what beside it'),
        would: z.array(z.string()),
      }),
    )
    .describe('The first of them'),
});
export type DryRunReport = Readonly<z.infer<typeof DryRunReport>>;

export const RuleFindings = z.object({
  rule: z.string(),
  decision: z.string(),
  holds: z.boolean(),
  conditions: z.array(z.object({ condition: z.string(), wanted: z.unknown(), came: z.unknown(), holds: z.boolean() })),
});
export type RuleFindings = Readonly<z.infer<typeof RuleFindings>>;

/** A decision with all that it was made of. */
export const DecisionDetails = DecisionRecord.extend({
  explanation: z.string().describe('For people'),
  rules: z.array(RuleFindings).describe("Each rule of that time's policy against what was known then"),
  inputs: z.unknown(),
  also: z.array(z.string()),
  parameters: z.unknown(),
  lifetime_seconds: z.number().nullable(),
  quiet_until: z.string().nullable(),
  draws: z.unknown(),
  approval: z.object({ status: z.string(), answered_by: z.string().nullable() }).nullable(),
});
export type DecisionDetails = Readonly<z.infer<typeof DecisionDetails>>;
