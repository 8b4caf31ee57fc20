import { z } from 'zod';
import type { ActionDeclaration } from './action.ts';

export const LockDownParameters = z.strictObject({
  /** An attacker's; without it, that of the session. */
  address: z.union([z.ipv4(), z.ipv6()]).optional(),
  minutes: z.number().int().min(1).max(43_200).default(1440),
});
export type LockDownParameters = Readonly<z.output<typeof LockDownParameters>>;

export const lockDownDeclaration = {
  kind: 'lock_down',
  does: 'Puts an address on the block feed for a time and, where hosts are named, into an nftables set on each, from which it falls by itself.',
  needs: ['for firewalls: CERBERUS_LOCK_DOWN_HOSTS'],
  parameters: LockDownParameters,
  example: { address: '9.9.9.9', minutes: 1440 },
  undo: 'Takes the address off the feed and out of the sets.',
  reversible: true,
  deadlineSeconds: 60,
  budgetPerHour: 500,
} satisfies ActionDeclaration;

/** One line of the feed, for machines that want more than the address. */
export const BlockedAddress = z.object({
  address: z.string(),
  reason: z.string(),
  since: z.string(),
  until: z.string(),
});
export type BlockedAddress = Readonly<z.infer<typeof BlockedAddress>>;
export const BlockedList = z.object({ data: z.array(BlockedAddress), next_cursor: z.null() });
