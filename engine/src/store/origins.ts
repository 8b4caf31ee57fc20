import type { AssessedLine } from '@cerberusmesh/contract/between-stages';
import type { LocateOrigin, Origin } from '@cerberusmesh/contract/origin';

/** Where a batch's attackers come from, and its events by day, country and autonomous system. */
export interface OriginSummary {
  readonly origins: ReadonlyMap<string, Origin>;
  readonly counts: ReadonlyMap<string, OriginDelta>;
}

export interface OriginDelta {
  readonly day: string;
  readonly origin: Origin;
  events: number;
}

/** As the rollups name it: a country, `-private` (or another network that is in none), or '' where nothing is known. */
export function placeName({ country, network }: Origin): string {
  return country ?? (network === null ? '' : `-${network}`);
}

const dayMs = 86_400_000;

/** Probes are no attackers and are left out. */
export function summarizeOrigins(lines: readonly AssessedLine[], locate: LocateOrigin): OriginSummary {
  const origins = new Map<string, Origin>();
  const counts = new Map<string, OriginDelta>();
  // What an address counted for last: its next event is nearly always of the same day, and then needs no key.
  const latest = new Map<string, { readonly day: number; readonly delta: OriginDelta }>();
  for (const { event, probe } of lines) {
    if (probe || event.sourceIp === null) continue;
    const day = Math.floor(event.epochMs / dayMs);
    let place = latest.get(event.sourceIp);
    if (place?.day !== day) {
      const origin = origins.get(event.sourceIp) ?? locate(event.sourceIp);
      origins.set(event.sourceIp, origin);
      place = { day, delta: deltaOf(counts, event.timestamp.slice(0, 10), origin) };
      latest.set(event.sourceIp, place);
    }
    place.delta.events++;
  }
  return { origins, counts };
}

function deltaOf(counts: Map<string, OriginDelta>, day: string, origin: Origin): OriginDelta {
  const key = `${day} ${placeName(origin)} ${origin.asn}`;
  const delta = counts.get(key) ?? { day, origin, events: 0 };
  counts.set(key, delta);
  return delta;
}
