import { z } from 'zod';
import { ThreatLevel } from './severity.ts';

/** What another house can look for: an attacker's address, the URL that was named to fetch from, the hash of a file that was brought. */
export const IndicatorKind = z.enum(['address', 'url', 'sha256']);
export type IndicatorKind = z.infer<typeof IndicatorKind>;

export const Indicator = z.object({
  kind: IndicatorKind,
  value: z.string(),
  /** An attacker's own; null of what he brought or named. */
  threat_level: ThreatLevel.nullable(),
  /** 0 to 100, as STIX counts: how far a stranger may rely on it. */
  confidence: z.number().int().min(0).max(100),
  first_seen: z.string(),
  last_seen: z.string(),
  /** Sessions that showed it. */
  sessions: z.number(),
  /** From so many addresses; counted to three. */
  addresses: z.number(),
  country: z.string().nullable(),
  asn: z.number().nullable(),
  as_name: z.string().nullable(),
});
export type Indicator = Readonly<z.infer<typeof Indicator>>;

/** From here on a machine may act on an indicator without a person. */
export const actOnConfidence = 60;
