import { z } from 'zod';
import { LineFields } from './pushed-line.ts';

export const pushedTypes = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'] as const;

/** A body as it is sent: with gzip, before it is inflated. */
export const sentBytesMax = 8 * 1024 * 1024;
export const inflatedBytesMax = 16 * 1024 * 1024;

const lineSchema = z.toJSONSchema(LineFields, { io: 'input', target: 'draft-2020-12' });

/** Of one line, for those who write what pushes. */
export const ingestEventSchema = {
  ...lineSchema,
  title: 'A line of POST /ingest/events',
  description: 'What every line has. Other fields depend on eventid and are kept whole.',
};

/** Bytes, which the pipeline reads line by line; the published schema is that of one line. */
export const PushedLines = z.unknown().meta({
  ...lineSchema,
  description: `One JSON object a line, in UTF-8. At most ${sentBytesMax} bytes, inflated ${inflatedBytesMax}. A line that cannot be read is parked and costs no other.`,
});

/** Loose: the other headers of a request are not ours to judge. */
export const PushHeaders = z.looseObject({
  'content-encoding': z.enum(['gzip', 'identity']).optional(),
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,200}$/, 'must be 1 to 200 printable ASCII characters')
    .optional()
    .describe('The same key with the same body again: what is durable already is skipped. With another body: 409.'),
});

/** What became of a body, all of which is durable. */
export const PushResult = z.object({
  bytes: z.number().describe('Of the body, inflated'),
  skipped_bytes: z.number().describe('Durable since an earlier request with the same Idempotency-Key'),
  stored: z.number(),
  duplicate: z.number().describe('Events that were there already'),
  parked: z.number().describe('Lines that could not be read: GET /api/parked'),
});
export type PushResult = Readonly<z.infer<typeof PushResult>>;
