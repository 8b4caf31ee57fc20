import { MonitorParameters, monitorDeclaration } from '@cerberusmesh/contract/action';
import { z } from 'zod';
import { type Action, defineAction } from './action.ts';
import type { WatchList } from './watch-list.ts';

/** `monitor`: an attacker on the watch-list for a time. What that means for his events is the pipeline's part. */
export function createMonitor(watchList: WatchList): Action {
  return defineAction({
    declaration: { ...monitorDeclaration, parameters: MonitorParameters },
    plan: z.object({ address: z.string() }),
    async targets(wanted, { sourceIp }) {
      const address = wanted.address ?? sourceIp;
      return address === null ? 'The session has no address that could be watched.' : [{ ...wanted, address }];
    },
    targetOf: ({ address }) => `attacker ${address}`,
    lifetimeSeconds: ({ minutes }) => minutes * 60,
    check: async () => undefined,
    makePlan: async ({ address = '' }) => ({ address }),
    async run({ id, plan }) {
      watchList.add(id, plan.address);
      return {};
    },
    async verify({ id, plan }) {
      // After a restart the list is filled from the table before anything is read; a look may come before that.
      watchList.add(id, plan.address);
      const verified = watchList.isWatched(plan.address);
      return { verified, looked: true, why: `${plan.address} is on the watch-list.` };
    },
    async undo({ id }) {
      watchList.remove(id);
      return undefined;
    },
  });
}
