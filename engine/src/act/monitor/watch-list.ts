/** Who is watched now, asked for every event: a look into a Map, and none at all while nobody is. */
export interface WatchList {
  isWatched(address: string | null): boolean;
  isEmpty(): boolean;
  addresses(): Iterable<string>;
  /** Campaigns with the action that watches each. */
  campaigns(): readonly { readonly actionId: string; readonly campaign: string }[];
  /** Told again of the same action, it adds to what that watches. An address is watched until the last reason ends. */
  add(actionId: string, watched: Watched): void;
  /** Somebody shows what tells a campaign: where that one is watched, he is from now on. */
  meet(campaign: string | null, address: string | null): void;
  remove(actionId: string): void;
}

export interface Watched {
  readonly addresses: readonly string[];
  readonly campaign: string | null;
}

/** A botnet has this many addresses; of a larger one the first are watched. About 100 bytes each. */
export const watchedMax = 50_000;

/**
 * Who is watched, and by how many reasons: an address is watched until the last of them is gone. Asked for every line,
 * so it lives in memory.
 */
export function createWatchList(): WatchList {
  const reasons = new Map<string, { campaign: string | null; readonly addresses: Set<string> }>();
  const counts = new Map<string, number>();

  function watch(addresses: Set<string>, address: string): void {
    if (addresses.has(address) || addresses.size >= watchedMax) return;
    addresses.add(address);
    counts.set(address, (counts.get(address) ?? 0) + 1);
  }

  return {
    isWatched: (address) => counts.size > 0 && address !== null && counts.has(address),
    isEmpty: () => reasons.size === 0,
    addresses: () => counts.keys(),
    campaigns: () =>
      [...reasons].flatMap(([actionId, { campaign }]) => (campaign === null ? [] : [{ actionId, campaign }])),
    add(actionId, { addresses, campaign }) {
      const reason = reasons.get(actionId) ?? { campaign, addresses: new Set<string>() };
      // It may have become a part of another campaign.
      reason.campaign = campaign;
      reasons.set(actionId, reason);
      for (const address of addresses) watch(reason.addresses, address);
    },
    meet(campaign, address) {
      if (reasons.size === 0 || campaign === null || address === null) return;
      for (const reason of reasons.values()) if (reason.campaign === campaign) watch(reason.addresses, address);
    },
    remove(actionId) {
      for (const address of reasons.get(actionId)?.addresses ?? []) {
        const left = (counts.get(address) ?? 1) - 1;
        if (left === 0) counts.delete(address);
        else counts.set(address, left);
      }
      reasons.delete(actionId);
    },
  };
}
