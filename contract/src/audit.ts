import { z } from 'zod';
import { page, paging, queryText } from './api.ts';

/** One link of the audit chain, as it is listed and exported. */
export const AuditRecord = z.object({
  /** Its place in the chain, from 1 and without gaps; null for the second or so until it is chained. */
  seq: z.number().int().nullable(),
  id: z.number().int(),
  at: z.string(),
  actor: z.string().describe('token:<name>, command-line, link or engine'),
  action: z.string().describe('<thing>.<verb>, such as approval.approve'),
  subject: z.string(),
  details: z.unknown(),
  prev_hash: z.string().nullable(),
  hash: z.string().nullable(),
});
export type AuditRecord = Readonly<z.infer<typeof AuditRecord>>;
export const AuditPage = page(AuditRecord);

export const AuditQuery = z.strictObject({
  action: queryText(100).optional(),
  actor: queryText(200).optional(),
  subject: queryText(255).optional(),
  ...paging,
});
export type AuditQuery = Readonly<z.infer<typeof AuditQuery>>;

/** The newest link, signed by the installation. */
export const AuditSeal = z.object({
  seq: z.number().int(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  /** Ed25519, base64. */
  signature: z.base64(),
});
export type AuditSeal = Readonly<z.infer<typeof AuditSeal>>;

/** The last line of an export: signs all lines before it. */
export const ExportSeal = z.object({
  entries: z.number().int(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  signature: z.base64(),
  public_key: z.string(),
});
export type ExportSeal = Readonly<z.infer<typeof ExportSeal>>;

/** What is wrong with the chain, and where. */
export const AuditFault = z.object({
  kind: z.enum(['altered', 'missing', 'broken_link', 'unsigned', 'truncated', 'decision_altered']),
  seq: z.number().nullable(),
  explanation: z.string(),
});
export type AuditFault = Readonly<z.infer<typeof AuditFault>>;

export const AuditReport = z.object({
  sound: z.boolean(),
  entries: z.number(),
  waiting: z.number().describe('Inserted, and not chained yet'),
  decisions: z.number(),
  faults: z.array(AuditFault),
});
export type AuditReport = Readonly<z.infer<typeof AuditReport>>;
