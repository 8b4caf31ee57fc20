import { z } from 'zod';
import { Flag, page, paging, queryText } from './api.ts';

/** A source's ledger: bytes_seen = bytes_stored + bytes_parked + bytes_unread + bytes_lost. */
export const SourceLedger = z.object({
  source_id: z.string(),
  kind: z.string(),
  place: z.string(),
  bytes_seen: z.number(),
  bytes_stored: z.number(),
  /** A part of bytes_stored: lines that were there already. */
  bytes_duplicate: z.number(),
  bytes_parked: z.number(),
  /** What the source holds beyond the stored position; 0 where nobody watches it. */
  bytes_unread: z.number(),
  /** Gone for ever before they could be read: only of a sensor whose spool was full, or whose disk was lost. */
  bytes_lost: z.number(),
  lines_stored: z.number(),
  lines_duplicate: z.number(),
  lines_parked: z.number(),
  last_event_at: z.string().nullable(),
  updated_at: z.string(),
  active: z.boolean(),
  waiting: z
    .boolean()
    .describe('Not there yet, and nobody said that it is: read as soon as it is, and no fault until then'),
  /** Why it is not being read, and what to do: one sentence; null where all is well. */
  problem: z.string().nullable(),
  /** False means that bytes were lost or counted twice: a bug, or a hand in the table. */
  balanced: z.boolean(),
});
export type SourceLedger = Readonly<z.infer<typeof SourceLedger>>;

/** A source as the database knows it: all of its bytes up to the stored position. */
export type StoredLedger = Omit<
  SourceLedger,
  'bytes_seen' | 'bytes_unread' | 'active' | 'waiting' | 'problem' | 'balanced'
> & {
  /** Counted from the source's offsets, where what is stored, parked and double is counted from lines. */
  readonly bytes_read: number;
};

export const SourceList = z.object({ data: z.array(SourceLedger), next_cursor: z.null() });

export const ParkedQuery = z.strictObject({
  source_id: queryText(1024).optional(),
  reason: queryText(64).optional(),
  /** By default only lines that have not become events. */
  include_resolved: Flag.optional(),
  ...paging,
});
export type ParkedQuery = Readonly<z.infer<typeof ParkedQuery>>;

/** A list shows at most this much of a parked line. */
export const parkedShownBytesMax = 500;

export const ParkedRecord = z.object({
  /** Decimal digits: a bigint. */
  id: z.string(),
  source_id: z.string(),
  reason: z.string(),
  explanation: z.string(),
  /** The beginning of the line: printable ASCII as it is, any other byte as \xNN. */
  text: z.string(),
  bytes: z.number(),
  covered_bytes: z.number(),
  parked_at: z.string(),
  retried_at: z.string().nullable(),
  event_id: z.string().nullable(),
});
export type ParkedRecord = Readonly<z.infer<typeof ParkedRecord>>;
export const ParkedPage = page(ParkedRecord);

/** Without ids: every open parked line. */
export const RetryRequest = z.strictObject({
  ids: z
    .array(z.string().regex(/^\d{1,18}$/))
    .min(1)
    .max(1000)
    .optional(),
});
export type RetryRequest = Readonly<z.infer<typeof RetryRequest>>;
export const RetryResult = z.object({ retried: z.number(), stored: z.number(), still_parked: z.number() });
export type RetryResult = Readonly<z.infer<typeof RetryResult>>;
