import { z } from 'zod';

/** ATT&CK's tactics in their order, each with the techniques that were seen, busiest first. */
export const TechniqueStats = z.object({
  /** The catalogue's version of ATT&CK. */
  version: z.string(),
  tactics: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      techniques: z.array(
        z.object({
          id: z.string(),
          name: z.string(),
          events: z.number(),
          first_seen: z.string(),
          last_seen: z.string(),
        }),
      ),
    }),
  ),
  /** As MITRE's terms ask. */
  attribution: z.string(),
});
export type TechniqueStats = Readonly<z.infer<typeof TechniqueStats>>;
