import { z } from 'zod';
import { Score } from './assessment.ts';

/** Answers of about one confidence: how sure they were on the mean, and what share was right. */
export const CalibrationBin = z.object({ items: z.int(), confidence: Score, right: Score });
export type CalibrationBin = Readonly<z.infer<typeof CalibrationBin>>;

/** What a reader of a model must know; written beside it at training. Figures differ from model to model. */
export const ModelCard = z.looseObject({
  model: z.string(),
  version: z.string(),
  purpose: z.string(),
  method: z.string(),
  trainedOn: z.array(z.object({ name: z.string(), count: z.number(), note: z.string() })),
  features: z.number(),
  measuredBy: z.string(),
  figures: z.record(z.string(), z.unknown()),
  confusion: z.object({ labels: z.array(z.string()), rows: z.array(z.array(z.number())) }).optional(),
  calibration: z.array(CalibrationBin).optional().describe('On what confusion was measured on, by rising confidence'),
  weaknesses: z.array(z.string()),
});
export type ModelCard = Readonly<z.infer<typeof ModelCard>>;

/** One figure of the current and of the new models, on the same held-back data. */
export const Comparison = z.object({
  figure: z.string(),
  /** What was counted, and how many groups (shapes, sessions) they fall into. */
  items: z.int(),
  groups: z.int(),
  current: z.number(),
  candidate: z.number(),
  /** The middle 95 % of candidate minus current, over resampled groups; higher is better. */
  difference: z.tuple([z.number(), z.number()]),
  /** The new one may be this much worse at the lower end of the interval. */
  margin: z.number(),
  passed: z.boolean(),
});
export type Comparison = Readonly<z.infer<typeof Comparison>>;

/** `shipped` is version 0, which came with the program; the others were trained here. */
export const ModelVersion = z.object({
  version: z.string(),
  parent: z.string().nullable(),
  current: z.boolean(),
  created_at: z.string().nullable(),
  created_by: z.string(),
  promoted_at: z.string().nullable(),
  /** Stored events and feedback that it was trained on. */
  events: z.int(),
  feedback: z.int(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  /** Why it was promoted, or was not. */
  why: z.string(),
  comparisons: z.array(Comparison),
});
export type ModelVersion = Readonly<z.infer<typeof ModelVersion>>;
export const ModelVersionDetails = ModelVersion.extend({ cards: z.array(ModelCard) });
export type ModelVersionDetails = Readonly<z.infer<typeof ModelVersionDetails>>;

/** By the population stability index: below 0.1, below 0.25, above. `unknown` where too little was seen, or nothing to compare with. */
export const DriftStatus = z.enum(['stable', 'shifting', 'drifted', 'unknown']);
export type DriftStatus = z.infer<typeof DriftStatus>;
export const DriftFeature = z.object({
  name: z.string(),
  psi: z.number(),
  status: DriftStatus,
  buckets: z.array(z.object({ label: z.string(), reference: Score, now: Score })),
});
export type DriftFeature = Readonly<z.infer<typeof DriftFeature>>;
/** How far the latest events are from those that the models were trained on. */
export const DriftReport = z.object({
  status: DriftStatus,
  version: z.string(),
  computed_at: z.string(),
  events: z.int(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  features: z.array(DriftFeature),
});
export type DriftReport = Readonly<z.infer<typeof DriftReport>>;

export const TrainRequest = z.strictObject({
  days: z.int().min(1).max(36_500).optional().describe('Only events of the last days; without it all'),
  promote: z.boolean().default(true).describe('Take the new version into use where it is not worse'),
});
export type TrainRequest = Readonly<z.infer<typeof TrainRequest>>;

export const TrainingState = z.enum(['running', 'done', 'refused', 'failed']);
/** One training, from its start to what became of it. */
export const TrainingRecord = z.object({
  id: z.string(),
  state: TrainingState,
  step: z.string(),
  done: Score,
  days: z.int().nullable(),
  started_at: z.string(),
  started_by: z.string(),
  ended_at: z.string().nullable(),
  version: z.string().nullable(),
  promoted: z.boolean().nullable(),
  /** Why it was promoted or not, refused, or failed. */
  why: z.string().nullable(),
});
export type TrainingRecord = Readonly<z.infer<typeof TrainingRecord>>;

export const ReassessRequest = z.strictObject({ days: z.int().min(1).max(36_500) });
export type ReassessRequest = Readonly<z.infer<typeof ReassessRequest>>;
/** Stored events assessed again: those that had to wait for a model, or all of some days with another one. */
export const ReassessmentRecord = z.object({
  id: z.string(),
  cause: z.enum(['unanalyzed', 'asked']),
  state: z.enum(['running', 'done']),
  from: z.string().nullable(),
  to: z.string().nullable(),
  started_at: z.string(),
  started_by: z.string(),
  ended_at: z.string().nullable(),
  events: z.int(),
  changed: z.int().describe('Events whose severity is another now'),
});
export type ReassessmentRecord = Readonly<z.infer<typeof ReassessmentRecord>>;

export const ModelsReport = z.object({
  current: ModelVersionDetails,
  versions: z.array(ModelVersion),
  drift: DriftReport,
  trainings: z.array(TrainingRecord),
  reassessments: z.array(ReassessmentRecord),
});
export type ModelsReport = Readonly<z.infer<typeof ModelsReport>>;
