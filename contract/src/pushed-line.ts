import { z } from 'zod';

/** How far ahead of ours the clock of one who pushes may be. */
export const clockAheadMaxMs = 10 * 60_000;

/**
 * What every line has, of any version of Cowrie and of anything else that pushes. Other fields depend on `eventid` and
 * are kept whole.
 */
export const LineFields = z.object({
  eventid: z
    .string()
    .min(1)
    .max(200)
    .describe('What happened. Ids of Cowrie are understood; any other is kept as a generic event.'),
  timestamp: z.string().describe('When: ISO 8601, 2026-11-22T10:00:00.000000Z'),
  epoch: z.number().optional(),
  session: z.string().max(255).nullish().describe('One visit; unique within its sensor'),
  sensor: z.string().max(255).optional().describe('Who saw it'),
  protocol: z.string().max(64).optional(),
  src_ip: z.string().max(255).optional(),
  src_port: z.number().int().min(0).max(65_535).optional(),
  late: z.boolean().optional(),
});
