import { z } from 'zod';
import { page, paging, queryText } from './api.ts';
import { LureKind } from './lure.ts';
import { TouchPlace } from './touch.ts';

export const LureQuery = z.strictObject({
  kind: LureKind.optional(),
  session_id: queryText(255).optional().describe('The session for which it was planted'),
  source_ip: queryText(255).optional().describe('The attacker for whom it was planted, or who read it first'),
  adaptation_id: z.guid().optional(),
  touched: z.enum(['true', 'false']).optional().describe('Only those that were used, or were not'),
  ...paging,
});
export type LureQuery = Readonly<z.infer<typeof LureQuery>>;

/** One planted secret; the secret itself is nowhere but in the honeypot. */
export const LureRecord = z.object({
  id: z.string(),
  adaptation_id: z.string().nullable(),
  action_type: z.string().nullable(),
  kind: z.string(),
  path: z.string(),
  shown: z.string().nullable().describe("A key's id, a user's name: what gives nothing away"),
  sensor: z.string().nullable(),
  session_id: z.string().nullable().describe('For whom it was planted; null for what every visitor sees'),
  source_ip: z.string().nullable(),
  planted_at: z.string(),
  first_read_at: z.string().nullable(),
  first_read_session: z.string().nullable(),
  first_read_ip: z.string().nullable(),
  touches: z.number(),
});
export type LureRecord = Readonly<z.infer<typeof LureRecord>>;
export const LurePage = page(LureRecord);

export const TouchQuery = z.strictObject({
  lure_id: z.guid().optional(),
  session_id: queryText(255).optional(),
  source_ip: queryText(255).optional(),
  ...paging,
});
export type TouchQuery = Readonly<z.infer<typeof TouchQuery>>;

/** A planted secret that was used, and where it came from. */
export const TouchRecord = z.object({
  id: z.string(),
  touched_at: z.string(),
  place: TouchPlace,
  event_id: z.string(),
  sensor: z.string(),
  session_id: z.string().nullable(),
  source_ip: z.string().nullable(),
  lure: LureRecord.omit({ touches: true }),
});
export type TouchRecord = Readonly<z.infer<typeof TouchRecord>>;
export const TouchPage = page(TouchRecord);
