import { AdaptationType } from '@cerberusmesh/contract/decision';
import type { EffectReport } from '@cerberusmesh/contract/effect';
import type { LureCounts } from '../decide/choose-lure.ts';
import { tellEffect } from '../decide/effect.ts';
import type { Clock } from '../kit/clock.ts';
import type { Database } from '../store/database.ts';
import { countEnded, countTouchedLures, readEffects } from '../store/effects.ts';

export interface EffectMeasure {
  report(days: number): Promise<EffectReport>;
  /** Counts sessions as they end, and hands what was learnt to the choice of lures; until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
}

const roundMs = 10_000;
const dayMs = 86_400_000;
/** What visitors look for changes: older sessions say nothing about today's lures. */
const learnDays = 90;

/** Whether adaptations work: on the slow lane, from sums, never from events. */
export function measureEffects(parts: {
  readonly database: Database;
  readonly clock: Clock;
  readonly controlShare: number;
  readonly isControl: (address: string | null) => boolean;
  readonly useLureCounts: (counts: ReadonlyMap<AdaptationType, LureCounts>) => void;
  readonly onFailure: (error: unknown) => void;
}): EffectMeasure {
  const { database, clock, controlShare, isControl, useLureCounts, onFailure } = parts;

  async function read(days: number) {
    const since = new Date(clock.now().getTime() - days * dayMs);
    const rows = await readEffects(database.pool, since);
    return { since, rows, touched: await countTouchedLures(database.pool, since) };
  }

  async function round(): Promise<void> {
    while ((await countEnded(database, isControl)) > 0);
    const { rows, touched } = await read(learnDays);
    useLureCounts(
      new Map(rows.filter(({ exposure }) => exposure === 'shown').flatMap((row) => toCounts(row, touched))),
    );
  }

  return {
    async report(days) {
      const { since, rows, touched } = await read(days);
      return { since: since.toISOString(), control_share: controlShare, ...tellEffect(rows, touched) };
    },
    async run(signal) {
      while (!signal.aborted) {
        await round().catch(onFailure);
        await clock.sleep(roundMs, signal);
      }
    },
  };
}

/** A lure that is used days later, by somebody else, was good too: it counts for one of those who were shown it. */
function toCounts(
  row: { readonly kind: string; readonly sessions: number; readonly touchedSessions: number },
  touched: ReadonlyMap<string, number>,
): [AdaptationType, LureCounts][] {
  const kind = AdaptationType.safeParse(row.kind).data;
  if (kind === undefined) return [];
  const hits = Math.min(row.sessions, Math.max(row.touchedSessions, touched.get(kind) ?? 0));
  return [[kind, { touched: hits, untouched: row.sessions - hits }]];
}
