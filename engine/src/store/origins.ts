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

/** Probes are no attackers and are left out. */
export function summarizeOrigins(lines: readonly AssessedLine[], locate: LocateOrigin): OriginSummary {
  const origins = new Map<string, Origin>();
  const counts = new Map<string, OriginDelta>();
  for (const { event, probe } of lines) {
    if (probe || event.sourceIp === null) continue;
    const origin = origins.get(event.sourceIp) ?? locate(event.sourceIp);
    origins.set(event.sourceIp, origin);
    count(counts, event.timestamp.slice(0, 10), origin);
  }
  return { origins, counts };
}

function count(counts: Map<string, OriginDelta>, day: string, origin: Origin): void {
  const key = `${day} ${origin.country} ${origin.asn}`;
  const known = counts.get(key);
  if (known) known.events++;
  else counts.set(key, { day, origin, events: 1 });
}
