/** Ids of events, with their moments, that were read lately. Beyond its bound the oldest are forgotten. */
export function createRecentIds(idsMax = 200_000) {
  const moments = new Map<string, number>();
  return {
    has: (id: string): boolean => moments.has(id),
    add(id: string, epochMs: number): void {
      moments.set(id, epochMs);
      if (moments.size <= idsMax) return;
      const [oldest] = moments.keys();
      if (oldest !== undefined) moments.delete(oldest);
    },
    forgetBefore(epochMs: number): void {
      for (const [id, moment] of moments) if (moment < epochMs) moments.delete(id);
    },
  };
}
