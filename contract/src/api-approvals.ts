import { z } from 'zod';
import { page, paging } from './api.ts';
import { ApprovalAnswer, ApprovalStatus } from './approval.ts';

export const ApprovalQuery = z.strictObject({ status: ApprovalStatus.optional(), ...paging });
export type ApprovalQuery = Readonly<z.infer<typeof ApprovalQuery>>;

/** A question to a person, with what it is about. */
export const ApprovalRecord = z.object({
  id: z.string().describe("The decision's"),
  status: z.string(),
  asked_at: z.string(),
  expires_at: z.string().describe('Not answered until then, it is not done'),
  answered_at: z.string().nullable(),
  answered_by: z.string().nullable(),
  note: z.string().nullable(),
  decision: z.string(),
  adaptations: z.array(z.string()),
  also: z.array(z.string()),
  target: z.string(),
  rule: z.string(),
  why: z.string(),
  sensor: z.string(),
  session_id: z.string(),
  source_ip: z.string().nullable(),
  severity: z.string(),
  threat_score: z.number(),
});
export type ApprovalRecord = Readonly<z.infer<typeof ApprovalRecord>>;
export const ApprovalPage = page(ApprovalRecord);

export const ApprovalRequest = z.strictObject({ answer: ApprovalAnswer, note: z.string().max(500).optional() });
export type ApprovalRequest = Readonly<z.infer<typeof ApprovalRequest>>;

/** Of a link in a notice: without `answer` it only shows what is asked. */
export const LinkRequest = z.strictObject({
  token: z.string().regex(/^[A-Za-z0-9_-]{30}\.[A-Za-z0-9_-]{43}$/),
  answer: ApprovalAnswer.optional(),
});
export type LinkRequest = Readonly<z.infer<typeof LinkRequest>>;

export const KillSwitchRequest = z.strictObject({ on: z.boolean(), reason: z.string().max(500).optional() });
export type KillSwitchRequest = Readonly<z.infer<typeof KillSwitchRequest>>;

export const KillSwitchReport = z.object({
  on: z.boolean(),
  /** Adaptations and actions that stand now. */
  standing: z.number().int(),
  /** What lies in one attacker's world alone stays there: a file that vanishes would tell him. */
  kept: z.number().int().describe("Traps in their attackers' own worlds, which stay, apart from those that stand"),
  standing_things: z
    .array(
      z.object({
        type: z.enum(['adaptation', 'action']),
        what: z.string(),
        place: z.string(),
        undo_error: z.string().nullable().describe('Why it could not be taken back so far; null where nobody tried'),
      }),
    )
    .describe('Some of what stands, at most 10, those that could not be taken back first'),
  undone: z.number().int().describe('By this request'),
  approvals_cancelled: z.number().int(),
  jobs_cancelled: z.number().int(),
  refused: z
    .array(z.object({ id: z.string(), explanation: z.string() }))
    .describe('What could not be undone yet; it is tried again every few seconds'),
});
export type KillSwitchReport = Readonly<z.infer<typeof KillSwitchReport>>;
