import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';

/** What brings a decoy up: a further Cowrie beside us, a container, a machine at AWS, or our own decoy. */
export const DecoyDriverName = z.enum(['cowrie', 'container', 'ec2', 'decoy']);
export type DecoyDriverName = z.infer<typeof DecoyDriverName>;

export const LaunchDecoyParameters = z.strictObject({
  driver: DecoyDriverName.optional().describe('Without it the one of CERBERUS_LAUNCH_DRIVER'),
  hours: z.number().int().min(1).max(720).default(24),
});
export type LaunchDecoyParameters = Readonly<z.output<typeof LaunchDecoyParameters>>;

export const launchDecoyDeclaration = {
  kind: 'launch_decoy',
  does: 'Brings up a further honeypot, logs in to it as an attacker would, makes it known as a sensor and follows its log.',
  needs: [
    'a driver (CERBERUS_LAUNCH_DRIVER) and what it needs: nothing for our own decoy, a Python with Cowrie, a container engine, or an AWS account and CERBERUS_PUBLIC_URL',
  ],
  parameters: LaunchDecoyParameters,
  example: { driver: 'cowrie', hours: 24 },
  undo: 'Reads its log to the end, ends it and removes it; what visitors uploaded and their terminal recordings are kept.',
  reversible: true,
  deadlineSeconds: 900,
  budgetPerHour: 6,
} satisfies ActionDeclaration;
