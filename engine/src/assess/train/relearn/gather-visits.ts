import type { SensorEvent } from '@cerberusmesh/contract/sensor-event';
import { createVisitTally, type VisitTally } from '../../visit/visit-tally.ts';

/** A visit that is over, or was too long ago for more of it to come. */
export interface GatheredVisit {
  readonly session: string;
  readonly sourceIp: string | null;
  readonly numbers: readonly number[];
}

export interface GatheredVisits {
  readonly trained: readonly GatheredVisit[];
  readonly heldBack: readonly GatheredVisit[];
}

type Side = keyof GatheredVisits;

const bounds = { open: 4_000, trained: 20_000, heldBack: 4_000 };

/** Whole visits from stored events in order of time: fair samples of those that did something, in bounded memory. */
export function createVisitGatherer(oddness: (username: string, password: string) => number, random: () => number) {
  const open = new Map<string, { readonly side: Side; readonly sourceIp: string | null; readonly tally: VisitTally }>();
  const visits = { trained: [] as GatheredVisit[], heldBack: [] as GatheredVisit[] };
  const seen = { trained: 0, heldBack: 0 };

  return {
    add(session: string, side: Side, event: SensorEvent): void {
      let visit = open.get(session);
      if (visit === undefined) {
        visit = { side, sourceIp: event.sourceIp, tally: createVisitTally(oddness) };
        open.set(session, visit);
      }
      visit.tally.add(event);
      if (event.detail.kind === 'closed') finish(session);
      // The one that began first goes: what is still to come of it is less than of the others.
      else if (open.size > bounds.open) finish(open.keys().next().value ?? '');
    },
    gathered(): GatheredVisits {
      for (const session of [...open.keys()]) finish(session);
      return visits;
    },
  };

  function finish(session: string): void {
    const visit = open.get(session);
    open.delete(session);
    if (visit === undefined || !visit.tally.didSomething()) return;
    const { side, sourceIp, tally } = visit;
    const max = bounds[side];
    const place = seen[side] < max ? seen[side] : Math.floor(random() * (seen[side] + 1));
    seen[side]++;
    if (place < max) visits[side][place] = { session, sourceIp, numbers: tally.numbers() };
  }
}
