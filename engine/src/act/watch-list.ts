/** Who is watched now, asked for every event: a look into a Map, and none at all while nobody is. */
export interface WatchList {
  isWatched(address: string | null): boolean;
  /** An address may be watched for several reasons; it is until the last one ends. */
  add(actionId: string, address: string): void;
  remove(actionId: string): void;
}

export function createWatchList(): WatchList {
  const addressOf = new Map<string, string>();
  const reasons = new Map<string, number>();
  return {
    isWatched: (address) => reasons.size > 0 && address !== null && reasons.has(address),
    add(actionId, address) {
      if (addressOf.has(actionId)) return;
      addressOf.set(actionId, address);
      reasons.set(address, (reasons.get(address) ?? 0) + 1);
    },
    remove(actionId) {
      const address = addressOf.get(actionId);
      if (address === undefined) return;
      addressOf.delete(actionId);
      const left = (reasons.get(address) ?? 1) - 1;
      if (left === 0) reasons.delete(address);
      else reasons.set(address, left);
    },
  };
}
