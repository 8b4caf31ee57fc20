import { z } from 'zod';
import { AdaptationType } from './decision.ts';
import { TrapChoice } from './insert-trap.ts';
import { LureKind } from './lure.ts';
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
export const Lure = z.object({
  kind: LureKind,
  path: z.string(),
  secret: z.string(),
  /** For people, where it gives nothing away: a key's id, a user's name. */
  shown: z.string().nullable(),
});
export type Lure = Readonly<z.infer<typeof Lure>>;

/** A change that was thought out and not made yet: enough to make it, or to take it back, after a kill at any moment. */
export const AdaptationPlan = z.object({
  /** Null where nothing can be put back. */
  old: FileSet.nullable(),
  new: FileSet,
  /** For people: what was planted and where, without the secret itself. */
  details: z.record(z.string(), z.unknown()),
  /** Stored as hashes, and not given back. */
  lures: z.array(Lure).readonly(),
});
export type AdaptationPlan = Readonly<z.infer<typeof AdaptationPlan>>;

/** What the act stage carries out, from a decision. */
export const ActJob = z.object({
  decisionId: z.uuid(),
  adaptations: z.array(AdaptationType),
  sensor: z.string(),
  sessionId: z.string().nullable(),
  sourceIp: z.string().nullable(),
  severity: Severity,
  reason: z.string(),
  /** Null: as long as the place says. */
  lifetimeSeconds: z.number().int().positive().nullish(),
  choice: TrapChoice.optional(),
});
export type ActJob = Readonly<z.infer<typeof ActJob>>;
