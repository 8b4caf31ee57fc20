import type { Indicator } from '@cerberusmesh/contract/indicator';
import { ThreatLevel } from '@cerberusmesh/contract/severity';
import { createIndicatorReads } from '../store/read/indicators.ts';
import type { Reader } from '../store/read/reader.ts';

const confidenceOf: Record<ThreatLevel, number> = { LOW: 30, MEDIUM: 60, HIGH: 80, CRITICAL: 95 };

export interface IndicatorsAsked {
  readonly since: Date;
  readonly levelMin: ThreatLevel;
  /** Of addresses, and of the rest. */
  readonly limit: number;
}

/**
 * What others may be told, newest first. `protectedNetwork` names networks that are nobody's or ours: an address in one is
 * left out, and so is what was only ever seen from there (our own demo, a simulation).
 */
export async function readIndicators(
  reader: Reader,
  protectedNetwork: (address: string) => string | null,
  { since, levelMin, limit }: IndicatorsAsked,
): Promise<Indicator[]> {
  const reads = createIndicatorReads(reader);
  const levels = ThreatLevel.options.slice(ThreatLevel.options.indexOf(levelMin));
  const isStranger = (address: string) => protectedNetwork(address) === null;
  const addresses = await reads.listAddresses(since, levels, limit);
  const brought = await reads.listBrought(since, limit);
  return [
    ...addresses
      .filter(({ value }) => isStranger(value))
      .map((row) => ({
        ...{ kind: 'address' as const, ...row, addresses: 1 },
        confidence: confidenceOf[row.threat_level],
      })),
    ...brought.flatMap(({ witnesses, ...row }) => {
      const strangers = witnesses.filter(isStranger).length;
      if (strangers === 0) return [];
      const confidence = confidenceOfBrought(row.kind, strangers);
      const noPlace = { threat_level: null, country: null, asn: null, as_name: null };
      return [{ ...row, ...noPlace, addresses: Math.min(3, strangers), confidence }];
    }),
  ];
}

/** Whoever types a URL may name an innocent place, his victim's even: no machine is to act on one by itself. */
function confidenceOfBrought(kind: 'url' | 'sha256', addresses: number): number {
  if (kind === 'url') return addresses > 1 ? 50 : 30;
  return addresses > 1 ? 80 : 60;
}
