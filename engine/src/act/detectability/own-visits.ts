import type { Clock } from '../../kit/clock.ts';

/** Of a connection of ours, as the honeypot sees it. */
export interface VisitFrom {
  readonly address: string;
  readonly port: number;
}

/** Long enough for a log to be read; the system gives a port again after a minute at the earliest. */
const rememberedMs = 60_000;
const visitsMax = 1_000;

/** Where our visits came from that could not say who they were: one that speaks HTTP has no place for our mark. */
export function createOwnVisits(clock: Pick<Clock, 'now'>) {
  const seenAtMs = new Map<string, number>();
  return {
    note(from: VisitFrom): void {
      seenAtMs.set(keyOf(from), clock.now().getTime());
      for (const key of seenAtMs.keys()) {
        if (seenAtMs.size <= visitsMax) break;
        seenAtMs.delete(key);
      }
    },
    isOne({ sourceIp, sourcePort }: { readonly sourceIp: string | null; readonly sourcePort: number | null }): boolean {
      if (seenAtMs.size === 0 || sourceIp === null || sourcePort === null) return false;
      const atMs = seenAtMs.get(keyOf({ address: sourceIp, port: sourcePort }));
      return atMs !== undefined && clock.now().getTime() - atMs < rememberedMs;
    },
  };
}

export type OwnVisits = ReturnType<typeof createOwnVisits>;

function keyOf({ address, port }: VisitFrom): string {
  return `${address.replace(/^::ffff:/, '')} ${port}`;
}
