import { lockDownDeclaration } from '@cerberusmesh/contract/lock-down';
import { z } from 'zod';
import { type Action, defineAction } from '../action.ts';
import type { Firewall } from './firewall.ts';

/** The block feed, as far as an action changes it. */
export interface BlockFeed {
  /** Puts an address there, or keeps it longer. @returns until when it is there, which may be longer than asked for. */
  add(entry: { address: string; reason: string; actionId: string; since: Date; until: Date }): Promise<Date>;
  /** Takes it off, but for what others that stand say. @returns until when it stays there because of them; null where it is off. */
  remove(address: string, actionId: string, now: Date): Promise<Date | null>;
  holds(address: string, now: Date): Promise<boolean>;
}

export interface LockDownParts {
  readonly feed: BlockFeed;
  readonly firewalls: readonly Firewall[];
  /** The name of the network that must never be blocked and holds this address; null where there is none. */
  readonly protectedNetwork: (address: string) => string | null;
  readonly now: () => Date;
}

/** `lock_down`: an address on the block feed and in the firewalls, for a time. */
export function createLockDown({ feed, firewalls, protectedNetwork, now }: LockDownParts): Action {
  return defineAction({
    declaration: lockDownDeclaration,
    plan: z.object({ address: z.union([z.ipv4(), z.ipv6()]), reason: z.string(), until: z.iso.datetime() }),
    async targets(wanted, { sourceIp }) {
      // How a socket for both families names an IPv4 address: a firewall would look for it among those of IPv6.
      const named = (wanted.address ?? sourceIp)?.replace(/^::ffff:(?=[\d.]+$)/i, '');
      const address = z.union([z.ipv4(), z.ipv6()]).safeParse(named);
      return address.success
        ? [{ ...wanted, address: address.data }]
        : 'The session has no address that could be blocked.';
    },
    targetOf: ({ address }) => `attacker ${address}`,
    lifetimeSeconds: ({ minutes }) => minutes * 60,
    async check({ address = '' }) {
      const network = protectedNetwork(address);
      return network === null ? undefined : `${address} is in the network "${network}", which is never blocked.`;
    },
    async makePlan({ address = '', minutes }, { reason }) {
      const until = new Date(now().getTime() + minutes * 60_000).toISOString();
      return { address, reason: reason.slice(0, 300), until };
    },
    async run({ id, plan, signal, step }) {
      const { address, reason } = plan;
      const until = await feed.add({ address, reason, actionId: id, since: now(), until: new Date(plan.until) });
      await step('on the feed');
      for (const firewall of firewalls) {
        await firewall.block(address, secondsTo(until), signal);
        await step('in the firewall', { host: firewall.name });
      }
      return { hosts: firewalls.map(({ name }) => name) };
    },
    async verify({ plan: { address }, signal }) {
      if (!(await feed.holds(address, now()))) return seen(false, `${address} is not on the feed.`);
      for (const firewall of firewalls) {
        if (!(await firewall.lists(address, signal))) return seen(false, `${firewall.name} does not list ${address}.`);
      }
      return seen(true, `${address} is on the feed and listed by ${firewalls.length} firewalls.`);
    },
    async undo({ id, plan: { address }, signal }) {
      const until = await feed.remove(address, id, now());
      for (const firewall of firewalls) {
        if (until === null) await firewall.unblock(address, signal);
        else await firewall.block(address, secondsTo(until), signal);
      }
      return undefined;
    },
  });

  function secondsTo(until: Date): number {
    return Math.max(1, Math.ceil((until.getTime() - now().getTime()) / 1000));
  }
}

function seen(verified: boolean, why: string) {
  return { verified, looked: true, why };
}
