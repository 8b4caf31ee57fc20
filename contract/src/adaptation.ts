import { z } from 'zod';
import { type AdaptationStatus, AdaptationType } from './decision.ts';
import type { LureKind } from './lure.ts';
import { Severity } from './severity.ts';

/** The content of one file, with its hash so that "somebody changed it" is seen without comparing bytes. */
export const FileContent = z.object({
  /** As a visitor names it: `/root/.aws/credentials`. */
  path: z.string(),
  sha256: z.string(),
  /** Base64, because what stood there before may be anything. */
  content: z.base64(),
});
export type FileContent = Readonly<z.infer<typeof FileContent>>;

/** The table's old_config and new_config: enough to undo an adaptation byte for byte, or to finish it after a kill. */
export const FileSet = z.object({ files: z.array(FileContent) });
export type FileSet = Readonly<z.infer<typeof FileSet>>;

/** What the probe saw at one place. */
export const Sight = z.object({
  path: z.string(),
  verified: z.boolean(),
  /** A sentence: what was expected and what was seen. */
  why: z.string(),
  /** What was shown, cut to the length that a person reads. */
  saw: z.string(),
});
export type Sight = Readonly<z.infer<typeof Sight>>;

/** The table's verification: a visit of our own, as an attacker. */
export const Sighting = z.object({
  verified: z.boolean(),
  /** False where the probe never got to look, so that nothing is known either way. */
  looked: z.boolean(),
  why: z.string(),
  sights: z.array(Sight),
  at: z.iso.datetime(),
  tookMs: z.number(),
});
export type Sighting = Readonly<z.infer<typeof Sighting>>;

/** One planted secret whose use can be recognised. */
export interface Lure {
  readonly kind: LureKind;
  readonly path: string;
  readonly secret: string;
  /** For people, where it gives nothing away: a key's id, a user's name. */
  readonly shown: string | null;
}

/** What the act stage carries out, from a decision. */
export const ActJob = z.object({
  decisionId: z.uuid(),
  adaptations: z.array(AdaptationType),
  sensor: z.string(),
  sessionId: z.string().nullable(),
  sourceIp: z.string().nullable(),
  severity: Severity,
  reason: z.string(),
});
export type ActJob = Readonly<z.infer<typeof ActJob>>;

/** An adaptation that is about to be written down, before anything is touched. */
export interface NewAdaptation {
  readonly decisionId: string;
  readonly actionType: AdaptationType;
  readonly sensor: string;
  readonly sessionId: string | null;
  readonly sourceIp: string | null;
  readonly severity: Severity;
  readonly reason: string;
  readonly status: Extract<AdaptationStatus, 'planned' | 'dry_run' | 'failed'>;
  readonly old: FileSet | null;
  readonly new: FileSet | null;
  readonly details: Readonly<Record<string, string | number>>;
  readonly error: string | null;
  readonly expiresAt: Date | null;
  readonly lures: readonly Lure[];
}

/** What the runner needs to know of a stored adaptation to finish it or take it back. */
export interface StoredAdaptation {
  readonly id: string;
  readonly actionType: AdaptationType;
  readonly sensor: string;
  readonly status: AdaptationStatus;
  readonly old: FileSet | null;
  readonly new: FileSet | null;
  readonly error: string | null;
  readonly verification: Sighting | null;
  readonly expiresAt: Date | null;
  /** In one session's world alone, through our plugin. */
  readonly isLive: boolean;
}

/** What happened to it since. What is left out stays as it is. */
export interface AdaptationChange {
  readonly status?: AdaptationStatus;
  readonly success?: boolean;
  readonly error?: string;
  readonly verification?: Sighting;
  readonly appliedAt?: Date;
  readonly verifiedAt?: Date;
  readonly rolledBackAt?: Date;
}
