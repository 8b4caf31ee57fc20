import { z } from 'zod';

/**
 * What ends a line of an archive: which archive it is from, and the event's row without its raw event, which is the rest
 * of the line. PostgreSQL writes `, "` between members, so these characters stand nowhere else in such a line.
 */
export const archiveMarkOpening = ',"cerberusmesh":';

export const ArchiveMark = z.object({
  archive: z.uuid(),
  row: z.looseObject({
    id: z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/),
    sensor: z.string(),
    /** Hex after `\x`; null where the raw event says the whole line. */
    raw_bytes: z
      .string()
      .regex(/^\\x([0-9a-f]{2})*$/)
      .nullable(),
  }),
});
export type ArchiveMark = Readonly<z.infer<typeof ArchiveMark>>;
