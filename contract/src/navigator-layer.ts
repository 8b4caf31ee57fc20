import { z } from 'zod';

/** A layer of MITRE's ATT&CK Navigator, format 4.5, as much of it as we write. */
export const NavigatorLayer = z.object({
  name: z.string(),
  versions: z.object({ attack: z.string(), navigator: z.string(), layer: z.literal('4.5') }),
  domain: z.literal('enterprise-attack'),
  description: z.string(),
  sorting: z.number().int(),
  hideDisabled: z.boolean(),
  techniques: z.array(
    z.object({
      techniqueID: z.string(),
      /** Events in which it was seen. */
      score: z.number(),
      comment: z.string(),
      enabled: z.boolean(),
      showSubtechniques: z.boolean(),
    }),
  ),
  gradient: z.object({ colors: z.array(z.string()), minValue: z.number(), maxValue: z.number() }),
  metadata: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type NavigatorLayer = Readonly<z.infer<typeof NavigatorLayer>>;
