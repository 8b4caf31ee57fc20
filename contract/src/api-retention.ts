import { z } from 'zod';

const megabytes = z.coerce.number().int().min(64).max(1_000_000_000).optional();

/** Other limits than those that hold, to see what they would take out. */
export const RetentionQuery = z.object({
  days: z.coerce.number().int().min(1).max(36_500).optional(),
  megabytes,
  disk_free_megabytes: megabytes,
});
export type RetentionQuery = Readonly<z.infer<typeof RetentionQuery>>;

/** How long events are kept, and how much of them there is. `POST /config` changes the limits. */
export const Retention = z.object({
  days: z.number().nullable().describe('CERBERUS_RETENTION_DAYS; null: for ever'),
  megabytes: z.number().nullable().describe('CERBERUS_RETENTION_MB; null: without bound'),
  disk_free_megabytes: z.number().nullable().describe('CERBERUS_DISK_FREE_MB; null: not looked at'),
  archived: z.boolean().describe('Whether months are written into CERBERUS_ARCHIVE_DIR before they go'),
  event_bytes: z.number(),
  parked_megabytes: z.number().describe('CERBERUS_PARKED_MB: of lines that could not be read'),
  parked_bytes: z.number().describe('What these take on the disk now'),
  database_bytes: z.number(),
  /** Oldest first. */
  months: z.array(z.object({ month: z.string(), bytes: z.number() })),
  expires: z
    .array(z.object({ month: z.string(), reason: z.enum(['age', 'size', 'disk']) }))
    .describe('What goes within a minute under these limits, or under those that were asked about'),
});
export type Retention = Readonly<z.infer<typeof Retention>>;
