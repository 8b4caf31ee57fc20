import { sessionKeyOf } from '@cerberusmesh/contract/between-stages';
import type { Signals } from '@cerberusmesh/contract/situation';

type Reading = NonNullable<Signals['llm']>;
type SessionPlace = Parameters<typeof sessionKeyOf>[0];

/** What the language model said of recent sessions, for decide: a session that goes on is judged with its reading. */
export interface Readings {
  find(session: SessionPlace): Reading | null;
  remember(session: SessionPlace, reading: Reading): void;
}

const rememberedMax = 20_000;

/** The latest `rememberedMax` sessions' readings; of an older one decide is told nothing. */
export function createReadings(): Readings {
  const readings = new Map<string, Reading>();
  return {
    find: (session) => readings.get(sessionKeyOf(session) ?? '') ?? null,
    remember(session, reading) {
      const key = sessionKeyOf(session);
      if (key === undefined) return;
      readings.set(key, reading);
      for (const oldest of readings.keys()) {
        if (readings.size <= rememberedMax) break;
        readings.delete(oldest);
      }
    },
  };
}
