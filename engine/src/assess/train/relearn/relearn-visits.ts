import type { Comparison } from '@cerberusmesh/contract/models';
import { type AnomalyScorer, type ForestFile, scorerOf } from '../../anomaly-scorer.ts';
import { reputationFeatures, toVisitRow, visitRowFeatures } from '../../visit/visit-row.ts';
import { growForestFile } from '../train-anomaly.ts';
import { compare } from './compare.ts';
import type { GatheredVisit, GatheredVisits } from './gather-visits.ts';
import { rankAgainstShuffled } from './rank-against-shuffled.ts';

export interface RelearnedVisits {
  /** Null where there were too few visits to grow a forest from. */
  readonly file: ForestFile | null;
  readonly visits: number;
  /** Visits of addresses that a provider was asked about. */
  readonly withReputation: number;
  readonly comparisons: readonly Comparison[];
}

const visitsMin = 500;
/** Of fewer answers a cut would tell who was asked, not what was answered. */
const answersMin = 100;
const rankMargin = 0.02;

/** The forest over whole visits, grown anew; with what providers said of the addresses where enough of them were asked. */
export function relearnVisits(
  parent: Pick<AnomalyScorer, 'scoreRow'>,
  { trained, heldBack }: GatheredVisits,
  reputations: ReadonlyMap<string, number>,
  version: string,
): RelearnedVisits {
  const reputationOf = ({ sourceIp }: GatheredVisit) => reputations.get(sourceIp ?? '') ?? null;
  const withReputation = trained.filter((visit) => reputationOf(visit) !== null).length;
  if (trained.length < visitsMin) return { file: null, visits: trained.length, withReputation, comparisons: [] };
  const features = withReputation < answersMin ? visitRowFeatures : [...visitRowFeatures, ...reputationFeatures];
  const rowOf = (visit: GatheredVisit) => toVisitRow(visit.numbers, reputationOf(visit)).subarray(0, features.length);
  const file = growForestFile(trained.map(rowOf), features, version);
  const rows = heldBack.map((visit) => ({ session: visit.session, row: rowOf(visit) }));
  const ranks = rankAgainstShuffled(rows, parent, scorerOf(file));
  const comparison = compare('visit anomaly: held-back visits rank below mixed-up ones', ranks, rankMargin);
  return { file, visits: trained.length, withReputation, comparisons: [comparison] };
}
