import { z } from 'zod';
import { Assessment, Score, SessionState } from './assessment.ts';
import { SensorEvent } from './sensor-event.ts';
import { Severity } from './severity.ts';

// What `cerberus ml` is asked and answers. `POST /classify` is the seed's payload, name by name.

const commandCharactersMax = 512 * 1024;
const textOf = (charactersMax: number) => z.string().max(charactersMax).nullish();

/** One event, alone: the service knows nothing of its session. Names that are not here are passed over. */
export const ClassifyRequest = z.object({
  event_id: z.string().min(1).max(255),
  event_type: z.string().min(1).max(200).describe('For example cowrie.command.input'),
  timestamp: z.iso.datetime({ offset: true }),
  source_ip: textOf(255),
  command: textOf(commandCharactersMax),
  username: textOf(4096),
  password: textOf(4096),
});
export type ClassifyRequest = Readonly<z.infer<typeof ClassifyRequest>>;

export const ClassifyResponse = z.object({
  severity: Severity,
  anomaly_score: Score.describe('0 as every day … 1 unlike anything seen in training'),
  labels: z.object({
    attack_type: z.string(),
    confidence: Score.describe('Of the attack type, calibrated; 1 where it follows from the kind of event'),
  }),
  features: z.object({
    command_length: z.int().min(0),
    suspicious_keywords: z
      .array(z.string())
      .describe('Words of the command that spoke for the severity in the trained model; empty where it is LOW'),
  }),
});
export type ClassifyResponse = Readonly<z.infer<typeof ClassifyResponse>>;

/** At most so many events in one question of the engine; a larger batch asks more than once. */
export const batchEventsMax = 1000;

/** A batch of the engine: its events in order, and what is known of their sessions before the first of them. */
export const BatchRequest = z.object({
  events: z.array(SensorEvent).min(1).max(batchEventsMax),
  /** A session that is not here begins in this batch. Keys are those of `sessionKeyOf`. */
  sessions: z.array(z.object({ key: z.string(), state: SessionState })).max(batchEventsMax),
});
export type BatchRequest = Readonly<z.infer<typeof BatchRequest>>;

/** An answer for each event, in the same order. */
export const BatchResponse = z.object({
  /** Null where the service could not assess it. */
  assessments: z.array(Assessment.nullable()).max(batchEventsMax),
  /** What its session remembers of its logins after the event (SessionState); null where nothing is known of them. */
  oddestLogins: z.array(Score.nullable()).max(batchEventsMax),
});
export type BatchResponse = Readonly<z.infer<typeof BatchResponse>>;

export const MlHealth = z.object({
  status: z.literal('healthy'),
  timestamp: z.string(),
  model_version: z.string(),
  version: z.string(),
  uptime_seconds: z.int(),
});
export type MlHealth = Readonly<z.infer<typeof MlHealth>>;
