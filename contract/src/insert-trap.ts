import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';
import { AdaptationType } from './decision.ts';

export const InsertTrapParameters = z.strictObject({ adaptations: z.array(AdaptationType).readonly() });
export type InsertTrapParameters = Readonly<z.output<typeof InsertTrapParameters>>;

export const insertTrapDeclaration: ActionDeclaration = {
  kind: 'insert_trap',
  does: 'Changes the world of a honeypot: plants secrets that nobody else has, or gives it another banner or machine.',
  needs: ['a Cowrie made ready by `cerberus prepare`, here or beside a sensor, or a decoy of our own'],
  parameters: InsertTrapParameters,
  example: { adaptations: ['AWS_CREDENTIALS'] },
  undo: 'Puts back the bytes that stood there before, unless somebody else changed the file since.',
  reversible: true,
  deadlineSeconds: 30,
  budgetPerHour: 1000,
};
