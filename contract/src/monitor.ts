import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { page, paging, queryText } from './api.ts';

const minutesMax = 30 * 24 * 60;

export const MonitorParameters = z
  .strictObject({
    address: queryText(255).optional().describe("An attacker's"),
    campaign: z.guid().optional().describe('Everybody who belongs to it, and whoever turns out to while it is watched'),
    minutes: z.number().int().min(1).max(minutesMax).default(240),
  })
  .refine(({ address, campaign }) => address === undefined || campaign === undefined, {
    error: 'say an address or a campaign, not both',
  });
export type MonitorParameters = Readonly<z.output<typeof MonitorParameters>>;

export const monitorDeclaration = {
  kind: 'monitor',
  does: 'Puts an attacker, or everybody of a campaign, on the watch-list for a time: their lines are kept byte for byte, their terminal recordings from the first byte on, what they bring too, and their events are flagged in the live feed.',
  needs: [],
  parameters: MonitorParameters,
  example: { address: '198.51.100.7', minutes: 240 },
  undo: 'Takes them off the watch-list; what was kept stays.',
  reversible: true,
  deadlineSeconds: 30,
  budgetPerHour: 500,
} satisfies ActionDeclaration;

export const KeptFileKind = z.enum(['recording', 'payload']);

/** Something that a watched visitor left, kept where the honeypot's cleaner does not come. */
export const KeptFile = z.object({
  id: z.string(),
  sensor: z.string(),
  session_id: z.string(),
  source_ip: z.string().nullable(),
  kind: z.string(),
  name: z.string().describe('As the honeypot calls it'),
  event_id: z.string().nullable().describe('Null while a recording still goes on'),
  path: z.string().nullable().describe('In the data folder of the engine; null where there was nothing to keep'),
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  note: z.string().nullable(),
  kept_at: z.string(),
});
export type KeptFile = Readonly<z.infer<typeof KeptFile>>;

export const KeptFileQuery = z.strictObject({
  source_ip: queryText(255).optional(),
  session_id: queryText(255).optional(),
  kind: KeptFileKind.optional(),
  ...paging,
});
export type KeptFileQuery = Readonly<z.infer<typeof KeptFileQuery>>;
export const KeptFilePage = page(KeptFile);
