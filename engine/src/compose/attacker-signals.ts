import type { SessionChange } from '@cerberusmesh/contract/between-stages';
import type { Signals } from '@cerberusmesh/contract/situation';
import type { Clock } from '../kit/clock.ts';
import { type AttackerCounts, findAttackerCounts } from '../store/attacker-counts.ts';
import type { Database } from '../store/database.ts';

const freshMs = 10_000;
const addressesMax = 20_000;

/**
 * What is known of the addresses of a batch: repetition and touches, as they were stored at most ten seconds ago. One
 * look by the primary key for the addresses of a batch that are not known; it runs beside the batch's other looks.
 */
export function createAttackerSignals({ database, clock }: { database: Database; clock: Pick<Clock, 'now'> }) {
  const known = new Map<string, AttackerCounts & { readonly atMs: number }>();
  return {
    async recall(addresses: Iterable<string>): Promise<void> {
      const atMs = clock.now().getTime();
      const wanted = [...new Set(addresses)].filter((address) => atMs - (known.get(address)?.atMs ?? 0) > freshMs);
      if (wanted.length === 0) return;
      const found = await findAttackerCounts(database.pool, wanted);
      if (known.size + wanted.length > addressesMax) known.clear();
      for (const address of wanted) known.set(address, { ...(found.get(address) ?? nobody), atMs });
    },

    signalsOf({ event, session }: SessionChange): Partial<Signals> {
      const counts = known.get(event.sourceIp ?? '') ?? nobody;
      return {
        // The one that is under way is not always stored yet.
        attackerSessions: Math.max(1, counts.sessions),
        attackerHighEvents: Math.max(session.severity === 'HIGH' ? 1 : 0, counts.highEvents),
        touches: counts.touches,
      };
    },
  };
}

const nobody: AttackerCounts = { sessions: 0, highEvents: 0, touches: 0 };
