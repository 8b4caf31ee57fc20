import { z } from 'zod';
import { Assessment, Score, SessionState } from './assessment.ts';

// What a decision is made of. It is stored with the decision, so that it can be explained and replayed later.

/** What is known beyond the session itself. What nobody knows is null or 0, and a condition on it does not hold. */
export const Signals = z.object({
  /** Sessions of this address before and with this one, and how many of its events were HIGH. */
  attackerSessions: z.number().int(),
  attackerHighEvents: z.number().int(),
  /** Lures of ours that this address has used. */
  touches: z.number().int(),
  campaign: z.string().nullable(),
  /** What reputation providers say of the address, 1: known bad. Absent in what was stored before anybody was asked. */
  reputation: Score.nullable().default(null),
  /** 1: no sensor of ours has seen anything like it. */
  novelty: Score.nullable(),
  actor: z.enum(['script', 'human']).nullable(),
  /** Name of the managed host or key whose credentials were tried here. */
  managedKey: z.string().nullable(),
  /** Id of a key or password that we had planted where everybody finds it, with which this session tries to log in. */
  crackedLure: z.string().nullable().default(null),
  /** What the language model said of this session. It may raise a threat score within the policy's bound, never lower it. */
  llm: z.object({ threatScore: Score, confidence: Score, recommends: z.string() }).nullable(),
});
export type Signals = Readonly<z.infer<typeof Signals>>;

export const noSignals: Signals = {
  attackerSessions: 0,
  attackerHighEvents: 0,
  touches: 0,
  campaign: null,
  reputation: null,
  novelty: null,
  actor: null,
  managedKey: null,
  crackedLure: null,
  llm: null,
};

/** A session as it stands, with the gravest event that brought it here. */
export const Situation = z.object({
  sensor: z.string(),
  sessionId: z.string(),
  sourceIp: z.string().nullable(),
  eventId: z.string(),
  eventEpochMs: z.number(),
  assessment: Assessment.omit({ techniques: true, partial: true }),
  session: SessionState,
  signals: Signals,
});
export type Situation = Readonly<z.infer<typeof Situation>>;

/** The settings and circumstances of the moment that limit what may be done, whatever the rules say. */
export const Circumstances = z.object({
  /** `ENABLE_AUTO_ADAPTATION` */
  autoAdaptation: z.boolean(),
  /** `CERBERUS_AUTO_ACTION` */
  autoAction: z.boolean(),
  /** `CERBERUS_KILL_SWITCH` */
  killSwitch: z.boolean(),
  /** Threat score from which a honeypot may be changed (`HIGH_SEVERITY_THRESHOLD`). */
  threatScoreMin: Score,
  /** Confidence from which anything may be done without asking (`CERBERUS_THRESHOLD`). */
  confidenceMin: Score,
  /** Rest of a sensor between two adaptations (`ADAPTATION_COOLDOWN_SECONDS`). */
  cooldownSeconds: z.number(),
  /** Older events are history: they are read, and nothing is done about them. */
  eventAgeMaxSeconds: z.number(),
  /** What comes from it is a recording: nobody is there to see a change. */
  isRecording: z.boolean(),
  /** This attacker belongs to those who get no adaptation, so that adaptations can be compared with nothing. */
  isControl: z.boolean(),
});
export type Circumstances = Readonly<z.infer<typeof Circumstances>>;

/** All that a decision was made of but the policy, which is stored under its version, and the time. */
export const DecisionInputs = z.object({ situation: Situation, circumstances: Circumstances });
export type DecisionInputs = Readonly<z.infer<typeof DecisionInputs>>;
