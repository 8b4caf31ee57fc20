import type { SessionState } from '@cerberusmesh/contract/assessment';
import type { NormalizedLine } from '@cerberusmesh/contract/between-stages';
import { createRecentAnswers } from './kit/recent-answers.ts';

/** At least half of them are kept, about 1 KB each. A session that was pushed out is rebuilt from its row. */
const sessionsMax = 24_000;

/** What is known of the sessions that are under way: a bounded cache, rebuilt from the store on a miss. */
export function createSessionMemory(
  load: (keys: readonly string[]) => Promise<ReadonlyMap<string, SessionState>>,
  onLookUp: (hits: number, misses: number) => void = () => undefined,
) {
  let known = createRecentAnswers<SessionState>(sessionsMax);

  return {
    /** Brings in what the store knows of the sessions of these lines; one query for all that are missing. */
    async recall(lines: readonly NormalizedLine[]): Promise<void> {
      const missing = new Set<string>();
      const wanted = new Set<string>();
      const begun = new Set<string>();
      for (const { event, sessionKey } of lines) {
        if (sessionKey === undefined) continue;
        wanted.add(sessionKey);
        if (event.detail.kind === 'connect') begun.add(sessionKey);
      }
      for (const key of wanted) {
        // A connection that begins cannot be known: saves the query for most of a backfill.
        if (!begun.has(key) && known.get(key) === undefined) missing.add(key);
      }
      onLookUp(wanted.size - missing.size, missing.size);
      for (const [key, state] of await load([...missing])) known.set(key, state);
    },

    forget() {
      known = createRecentAnswers(sessionsMax);
    },

    draft(): SessionDraft {
      const changed = new Map<string, SessionState>();
      return {
        changed,
        find: (key) => (key === undefined ? undefined : (changed.get(key) ?? known.get(key))),
        remember(key, state) {
          changed.set(key, state);
        },
        keep() {
          for (const [key, state] of changed) known.set(key, state);
        },
      };
    },
  };
}

/** Sessions while a batch is assessed. */
export interface SessionDraft {
  find(key: string | undefined): SessionState | undefined;
  remember(key: string, state: SessionState): void;
  readonly changed: ReadonlyMap<string, SessionState>;
  keep(): void;
}
