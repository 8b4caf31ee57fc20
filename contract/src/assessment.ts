import { z } from 'zod';
import { Severity } from './severity.ts';

/** A share of certainty or of threat: 0 none, 1 all. */
export const Score = z.number().min(0).max(1);

/** One ATT&CK technique read from an event, with the words or the model that told it. */
export const TechniqueFinding = z.object({
  /** For example `T1110.001`, ATT&CK v18 numbering; `AML.T0051` for what only MITRE ATLAS knows. */
  id: z.string().regex(/^(AML\.)?T\d{4}(\.\d{3})?$/),
  confidence: Score,
  /** Rule id or model, then the words: `rule:ssh-key-planted "authorized_keys"`. */
  why: z.string(),
  /** Where the words that told it stand in the text: characters, end exclusive. Absent where no text told it. */
  span: z.object({ start: z.number().int().min(0), end: z.number().int().min(0) }).optional(),
});
export type TechniqueFinding = Readonly<z.infer<typeof TechniqueFinding>>;

/** What one event means. */
export const Assessment = z.object({
  severity: Severity,
  /** How dangerous, as one number: grows with severity and with the model's certainty of it. */
  threatScore: Score,
  /** How unlike what honeypots see every day. */
  anomalyScore: Score,
  /** Snake case, for example `malware_download`; `none` where nothing was done. */
  attackType: z.string(),
  /** Of the attack type, calibrated; absent in what was stored, which keeps that of the severity only. */
  attackTypeConfidence: Score.optional(),
  /** Of the severity, calibrated. */
  confidence: Score,
  /** One readable reason for the severity. */
  why: z.string(),
  techniques: z.array(TechniqueFinding),
  /** Set when a bound (size, time, depth) cut the assessment short. */
  partial: z.boolean(),
  modelVersion: z.string(),
});
export type Assessment = Readonly<z.infer<typeof Assessment>>;

/**
 * What is remembered of a session while its events arrive. Bounded, and stored with the session, so that a process
 * that has never seen the session goes on where another stopped.
 */
export const SessionState = z.object({
  events: z.number().int(),
  commands: z.number().int(),
  failedLogins: z.number().int(),
  succeededLogin: z.boolean(),
  transfers: z.number().int(),
  tunnels: z.number().int(),
  firstEpochMs: z.number(),
  lastEpochMs: z.number(),
  severity: Severity,
  threatScore: Score,
  /** Techniques seen so far; at most 32. */
  techniques: z.array(z.string()),
  /** The latest commands, shortened; at most 16 of 200 characters. */
  recentCommands: z.array(z.string()),
  /** When each of them was typed. Absent in states from before it was kept. */
  recentEpochsMs: z.array(z.number()).optional(),
  /** Channels that were recorded to their end; absent before the first. About as many as commands: each came in one of its own. */
  recordings: z.number().int().optional(),
  /** How unlike the guesses of every day its least common credentials were; absent before a login with a password. */
  oddestLogin: Score.optional(),
  /** True for a visit of our own probe. */
  probe: z.boolean(),
  /** The latest login that was tried, shortened. Absent in states from before it was kept. */
  lastLogin: z.object({ username: z.string(), keyFingerprint: z.string().nullable() }).optional(),
});
export type SessionState = Readonly<z.infer<typeof SessionState>>;
