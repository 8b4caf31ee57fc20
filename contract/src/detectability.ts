import { z } from 'zod';

/** One thing that tells a visitor that this is no real machine. */
export const Tell = z.object({
  id: z.string(),
  /**
   * `known`: public tools and papers look for it, or no real machine shows it. `odd`: unlike the software that the
   * machine claims to run; only who compares closely sees it.
   */
  weight: z.enum(['known', 'odd']),
  /** What gives it away, as a sentence. */
  says: z.string(),
  /** What was seen. */
  saw: z.string(),
  /** What to do about it. */
  fix: z.string(),
});
export type Tell = z.infer<typeof Tell>;

/** What two sensors must not share. */
export const SensorMarks = z.object({
  hostKeys: z.array(z.string()),
  hostname: z.string().nullable(),
  machineId: z.string().nullable(),
});
export type SensorMarks = z.infer<typeof SensorMarks>;

/** How well a honeypot passes for what it claims to be, seen from outside. */
export const Detectability = z.object({
  target: z.string(),
  /** Null where an address was tested that is no sensor of ours. */
  sensor: z.string().nullable(),
  at: z.iso.datetime(),
  /** 0: nothing was found. Each known tell counts 0.2, each odd one 0.05; 1 at most. */
  score: z.number().min(0).max(1),
  tells: z.array(Tell),
  /** Tests that were made. */
  tested: z.array(z.string()),
  /** Tests that could not be made, and why. */
  untested: z.array(z.object({ test: z.string(), why: z.string() })),
  marks: SensorMarks,
});
export type Detectability = z.infer<typeof Detectability>;

/** `POST /api/detectability`. Only sensors of ours are visited, by their name: an address is not taken. */
export const DetectabilityRequest = z.strictObject({ sensor: z.string().min(1).max(200) });

export const DetectabilityQuery = z.strictObject({ sensor: z.string().max(200).optional() });

export const DetectabilityPage = z.object({ items: z.array(Detectability) });
