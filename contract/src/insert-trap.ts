import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { queryText } from './api.ts';
import { AdaptationType } from './decision.ts';

export const InsertTrapParameters = z.strictObject({
  sensor: queryText(255).describe('Of the honeypot, as its log names it'),
  adaptations: z.array(AdaptationType).min(1).max(AdaptationType.options.length).readonly(),
  address: z
    .union([z.ipv4(), z.ipv6()])
    .optional()
    .describe('For whom, where a decoy of our own gives each attacker a world of his own'),
  minutes: z.number().int().min(1).max(43_200).optional().describe('How long it stands; else a week'),
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
