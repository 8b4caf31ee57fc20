import { monitorDeclaration } from '@cerberusmesh/contract/monitor';
import { z } from 'zod';
import { counted } from '../../kit/counted.ts';
import { type Action, defineAction } from '../action.ts';
import type { WatchList } from './watch-list.ts';

export interface MonitorParts {
  readonly watchList: WatchList;
  /** A campaign under the id that it has now, with its addresses; undefined where there is none. */
  readonly findCampaign: (
    id: string,
  ) => Promise<{ readonly id: string; readonly addresses: readonly string[] } | undefined>;
}

export const MonitorPlan = z.object({ address: z.string().nullable(), campaign: z.string().nullable().default(null) });

/** `monitor`: an attacker or a campaign on the watch-list for a time. What that means for events is the pipeline's part. */
export function createMonitor({ watchList, findCampaign }: MonitorParts): Action {
  return defineAction({
    declaration: monitorDeclaration,
    plan: MonitorPlan,
    async targets(wanted, { sourceIp }) {
      if (wanted.campaign !== undefined) return [wanted];
      const address = wanted.address ?? sourceIp;
      return address === null ? 'The session has no address that could be watched.' : [{ ...wanted, address }];
    },
    targetOf: ({ address, campaign }) => (campaign === undefined ? `attacker ${address}` : `campaign ${campaign}`),
    lifetimeSeconds: ({ minutes }) => minutes * 60,
    async check({ campaign }) {
      if (campaign === undefined || (await findCampaign(campaign))) return undefined;
      return `There is no campaign ${campaign}.`;
    },
    /** Of a campaign, also the address that the decision is about: that it belongs there is folded in when its session ends. */
    makePlan: async ({ address, campaign }, { sourceIp }) => ({
      address: address ?? sourceIp,
      campaign: campaign ?? null,
    }),
    async run({ id, plan }) {
      return { addresses: await watch(id, plan) };
    },
    async verify({ id, plan }) {
      // After a restart the list is filled from the table before anything is read; a look may come before that.
      const addresses = await watch(id, plan);
      const { address, campaign } = plan;
      const verified = campaign !== null || watchList.isWatched(address);
      const who =
        campaign === null
          ? address
          : `Campaign ${campaign}, with ${counted(addresses, 'address', 'addresses')} so far,`;
      return { verified, looked: true, why: `${who} is on the watch-list.` };
    },
    async undo({ id }) {
      watchList.remove(id);
      return undefined;
    },
  });

  async function watch(id: string, { address, campaign }: z.output<typeof MonitorPlan>): Promise<number> {
    const found = campaign === null ? undefined : await findCampaign(campaign);
    const addresses = [...(address === null ? [] : [address]), ...(found?.addresses ?? [])];
    watchList.add(id, { addresses, campaign: found?.id ?? campaign });
    return addresses.length;
  }
}
