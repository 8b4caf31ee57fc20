import type { DriftFeature, DriftStatus } from '@cerberusmesh/contract/models';
import type { TrafficProfileFile } from './traffic-profile.ts';

/** Fewer say nothing about how they are spread. */
const eventsMin = 200;
/** The usual bands of the population stability index. */
const bands = { stable: 0.1, shifting: 0.25 };
/** A bucket that one side never filled would make the index infinite. */
const shareMin = 0.001;

/** How far each feature of `now` is from the reference; features that either side hardly has are unknown. */
export function compareProfiles(reference: TrafficProfileFile, now: TrafficProfileFile): DriftFeature[] {
  return reference.features.flatMap(({ name, buckets }) => {
    const current = now.features.find((feature) => feature.name === name);
    if (current === undefined) return [];
    const [expected, seen] = [sharesOf(buckets), sharesOf(current.buckets)];
    const isKnown = expected.total >= eventsMin && seen.total >= eventsMin;
    const rows = buckets.map(({ label }) => ({
      label,
      reference: expected.shares.get(label) ?? 0,
      now: seen.shares.get(label) ?? 0,
    }));
    const psi = isKnown ? rows.reduce((sum, row) => sum + term(row.reference, row.now), 0) : 0;
    return [{ name, psi, status: isKnown ? statusOf(psi) : ('unknown' as const), buckets: rows }];
  });
}

/** The worst of them; unknown where nothing is known. */
export function worstStatus(features: readonly DriftFeature[]): DriftStatus {
  const found = new Set(features.map(({ status }) => status));
  return (['drifted', 'shifting', 'stable'] as const).find((status) => found.has(status)) ?? 'unknown';
}

function sharesOf(buckets: readonly { readonly label: string; readonly count: number }[]) {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  return { total, shares: new Map(buckets.map(({ label, count }) => [label, count / Math.max(1, total)])) };
}

function term(reference: number, now: number): number {
  const [a, b] = [Math.max(shareMin, reference), Math.max(shareMin, now)];
  return (b - a) * Math.log(b / a);
}

function statusOf(psi: number): DriftStatus {
  if (psi < bands.stable) return 'stable';
  return psi < bands.shifting ? 'shifting' : 'drifted';
}
