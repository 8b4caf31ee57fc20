import { z } from 'zod';
import { page, paging, queryText } from './api.ts';
import { Severity, StoredSeverity } from './severity.ts';

/** What a person says of an event's severity: it was harmless, it was another, or it was right. */
export const FeedbackVerdict = z.enum(['false_positive', 'corrected', 'confirmed']);
export type FeedbackVerdict = z.infer<typeof FeedbackVerdict>;

export const FeedbackRequest = z
  .strictObject({
    verdict: FeedbackVerdict,
    severity: Severity.optional().describe('What it should have been; with corrected, and only there'),
    note: queryText(1000).optional(),
  })
  .refine(
    ({ verdict, severity }) => (verdict === 'corrected') === (severity !== undefined),
    'corrected needs a severity, and the other verdicts have none',
  );
export type FeedbackRequest = Readonly<z.infer<typeof FeedbackRequest>>;

/** The latest word on an event holds; the earlier ones are in the audit log. */
export const FeedbackRecord = z.object({
  event_id: z.string(),
  verdict: FeedbackVerdict,
  told: StoredSeverity.describe('What the model had said'),
  severity: Severity.describe('What a person says it is: the label that training learns from'),
  note: z.string().nullable(),
  event_type: z.string(),
  command: z.string().nullable(),
  learnable: z.boolean().describe('Commands are judged by a trained model; other events have a meaning by definition'),
  given_by: z.string(),
  given_at: z.string(),
});
export type FeedbackRecord = Readonly<z.infer<typeof FeedbackRecord>>;

/** An event whose feedback was taken back: what the model had told holds again. */
export const FeedbackWithdrawn = z.object({ event_id: z.string(), severity: StoredSeverity });
export type FeedbackWithdrawn = Readonly<z.infer<typeof FeedbackWithdrawn>>;

export const FeedbackQuery = z.strictObject({ ...paging, event_id: z.guid().optional() });
export type FeedbackQuery = Readonly<z.infer<typeof FeedbackQuery>>;
export const FeedbackPage = page(FeedbackRecord);
