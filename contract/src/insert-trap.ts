import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { queryText } from './api.ts';
import { AdaptationType } from './decision.ts';

/** What role the banner before an SSH login gives the host. */
export const BannerRole = z.enum(['staff-only', 'payments', 'backup', 'database', 'build']);
export type BannerRole = z.infer<typeof BannerRole>;

const Parameters = z.strictObject({
  sensor: queryText(255).describe('Of the honeypot, as its log names it'),
  adaptations: z.array(AdaptationType).min(1).max(AdaptationType.options.length).readonly(),
  persona: queryText(64)
    .optional()
    .describe('For PERSONA_CHANGE: which machine, as `cerberus persona` names them; else one is drawn')
    .meta({ examples: ['debian-12', 'debian-11', 'ubuntu-22-04', 'ubuntu-20-04'] }),
  banner: BannerRole.optional().describe('For BANNER_CHANGE: which role; else one is drawn'),
  address: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('For whom, where a decoy of our own gives each attacker a world of his own'),
  minutes: z.number().int().min(1).max(43_200).optional().describe('How long it stands; else a week'),
});

export const InsertTrapParameters = Parameters.refine(
  ({ persona, adaptations }) => persona === undefined || adaptations.includes('PERSONA_CHANGE'),
  { path: ['persona'], error: 'only PERSONA_CHANGE takes a persona; add it to adaptations, or leave persona out' },
).refine(({ banner, adaptations }) => banner === undefined || adaptations.includes('BANNER_CHANGE'), {
  path: ['banner'],
  error: 'only BANNER_CHANGE takes a banner; add it to adaptations, or leave banner out',
});
export type InsertTrapParameters = Readonly<z.output<typeof InsertTrapParameters>>;

export const insertTrapDeclaration = {
  kind: 'insert_trap',
  does: 'Changes the world of a honeypot: plants secrets that nobody else has, or gives it another banner or machine.',
  needs: ['a Cowrie made ready by `cerberus prepare`, here or beside a sensor, or a decoy of our own'],
  parameters: InsertTrapParameters,
  example: { sensor: 'web-1', adaptations: ['AWS_CREDENTIALS'], minutes: 60 },
  undo: 'Puts back the bytes that stood there before, unless somebody else changed the file since.',
  reversible: true,
  deadlineSeconds: 30,
  budgetPerHour: 1000,
} satisfies ActionDeclaration;
