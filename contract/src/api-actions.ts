import { z } from 'zod';
import { ActionKind, ActionStatus } from './action.ts';
import { page, paging, queryText } from './api.ts';

export const ActionQuery = z.strictObject({
  kind: ActionKind.optional(),
  status: ActionStatus.optional(),
  source_ip: queryText(255).optional(),
  session_id: queryText(255).optional(),
  cause_id: z.guid().optional().describe('What POST /api/actions answered, or a decision'),
  ...paging,
});
export type ActionQuery = Readonly<z.infer<typeof ActionQuery>>;

export const ActionRecord = z.object({
  id: z.string(),
  kind: z.string(),
  target: z.string(),
  status: z.string(),
  cause_id: z.string(),
  decision_id: z.string().nullable(),
  requested_by: z.string(),
  approved_by: z.string().nullable(),
  reason: z.string(),
  severity: z.string(),
  sensor: z.string().nullable(),
  session_id: z.string().nullable(),
  source_ip: z.string().nullable(),
  parameters: z.unknown(),
  steps: z.array(z.object({ name: z.string(), at: z.string(), details: z.unknown() })),
  result: z.unknown(),
  verification: z.unknown(),
  error: z.string().nullable(),
  undo_error: z.string().nullable().describe('Why taking it back did not succeed yet; it is tried again'),
  attempts: z.number(),
  created_at: z.string(),
  applied_at: z.string().nullable(),
  verified_at: z.string().nullable(),
  expires_at: z.string().nullable(),
  ended_at: z.string().nullable(),
});
export type ActionRecord = Readonly<z.infer<typeof ActionRecord>>;
export const ActionPage = page(ActionRecord);

/** An action as it declares itself; `parameters` is a JSON Schema. */
export const ActionKindDescription = z.object({
  kind: ActionKind,
  does: z.string(),
  needs: z.array(z.string()),
  parameters: z.record(z.string(), z.unknown()),
  example: z.record(z.string(), z.unknown()),
  undo: z.string(),
  reversible: z.boolean(),
  deadline_seconds: z.number(),
  budget_per_hour: z.number(),
});
export type ActionKindDescription = Readonly<z.infer<typeof ActionKindDescription>>;

/** A person asks for an action. The same `request_id` asks once, however often it is sent. */
export const ActionOrder = z.strictObject({
  kind: ActionKind,
  parameters: z.record(z.string(), z.unknown()).default({}),
  reason: z.string().min(1).max(500),
  dry_run: z.boolean().default(false).describe('Only record what would be done; touches nothing'),
  request_id: z.uuid().optional(),
});
export type ActionOrder = Readonly<z.infer<typeof ActionOrder>>;

export const UndoRequest = z.strictObject({ reason: z.string().max(500).optional() });
