import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { queryText } from './api.ts';
import { AdaptationType } from './decision.ts';

/** What role the banner before an SSH login gives the host. */
export const BannerRole = z.enum(['staff-only', 'payments', 'backup', 'database', 'build']);
export type BannerRole = z.infer<typeof BannerRole>;

/** What somebody chose where chance would choose otherwise. */
export const TrapChoice = z.strictObject({
  persona: queryText(64)
    .optional()
    .describe('For PERSONA_CHANGE: which machine, as `cerberus persona` names them; else one is drawn')
    .meta({ examples: ['debian-12', 'debian-11', 'ubuntu-22-04', 'ubuntu-20-04'] }),
  banner: BannerRole.optional().describe('For BANNER_CHANGE: which role; else one is drawn'),
});
export type TrapChoice = Readonly<z.output<typeof TrapChoice>>;

const takenBy = { persona: 'PERSONA_CHANGE', banner: 'BANNER_CHANGE' } as const;

/** What was chosen and none of these adaptations takes. */
export function findIdleChoices(
  choice: TrapChoice,
  adaptations: readonly AdaptationType[],
): { readonly key: string; readonly error: string }[] {
  return TrapChoice.keyof()
    .options.filter((key) => choice[key] !== undefined && !adaptations.includes(takenBy[key]))
    .map((key) => ({ key, error: `only ${takenBy[key]} takes a ${key}; add it to adaptations, or leave ${key} out` }));
}

const Parameters = z.strictObject({
  sensor: queryText(255).describe('Of the honeypot, as its log names it'),
  adaptations: z.array(AdaptationType).min(1).max(AdaptationType.options.length).readonly(),
  ...TrapChoice.shape,
  address: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('For whom, where a decoy of our own gives each attacker a world of his own'),
  minutes: z.number().int().min(1).max(43_200).optional().describe('How long it stands; else a week'),
});

export const InsertTrapParameters = Parameters.superRefine(({ adaptations, ...chosen }, context) => {
  for (const { key, error } of findIdleChoices(chosen, adaptations)) {
    context.addIssue({ code: 'custom', path: [key], message: error });
  }
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
