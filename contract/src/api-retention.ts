import { z } from 'zod';

/** How long events are kept, and how much of them there is. The limits are settings of the start, not of run time. */
export const Retention = z.object({
  days: z.number().nullable().describe('CERBERUS_RETENTION_DAYS; null: for ever'),
  megabytes: z.number().nullable().describe('CERBERUS_RETENTION_MB; null: without bound'),
  disk_free_megabytes: z.number().nullable().describe('CERBERUS_DISK_FREE_MB; null: not looked at'),
  archived: z.boolean().describe('Whether months are written into CERBERUS_ARCHIVE_DIR before they go'),
  event_bytes: z.number(),
  database_bytes: z.number(),
  /** Oldest first. */
  months: z.array(z.object({ month: z.string(), bytes: z.number() })),
});
export type Retention = Readonly<z.infer<typeof Retention>>;
