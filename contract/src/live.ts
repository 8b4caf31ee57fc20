import { z } from 'zod';
import { AnalysisRecord } from './analysis.ts';
import { ActionRecord } from './api-actions.ts';
import { AdaptationRecord, DecisionRecord } from './api-decisions.ts';
import { EventSummary } from './api-events.ts';
import { TouchRecord } from './api-lures.ts';
import { SessionSummary } from './api-sessions.ts';
import { Role, tokenPattern } from './api-tokens.ts';
import { TrainingRecord } from './models.ts';
import { StoredSeverity } from './severity.ts';

/** The WebSocket subprotocol; a token may be offered beside it: `new WebSocket(url, ['cerberus.v1', token])`. */
export const liveProtocol = 'cerberus.v1';

/** What happened, as soon as it is durable. */
export const LiveMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('event'),
    event: EventSummary,
    /** Only where he is on the watch-list. */ watched: z.literal(true).optional(),
  }),
  z.object({ type: z.literal('session'), session: SessionSummary }),
  z.object({ type: z.literal('decision'), decision: DecisionRecord }),
  z.object({ type: z.literal('adaptation'), adaptation: AdaptationRecord }),
  z.object({ type: z.literal('touch'), touch: TouchRecord }),
  /** How far a training is, about twice a second, and what came of it. */
  z.object({ type: z.literal('training'), training: TrainingRecord }),
  z.object({ type: z.literal('action'), action: ActionRecord }),
  z.object({ type: z.literal('analysis'), analysis: AnalysisRecord }),
]);
export type LiveMessage = Readonly<z.infer<typeof LiveMessage>>;

/** What the server says of the connection itself. */
export const ConnectionMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), role: Role, name: z.string(), version: z.string() }),
  /** This client was too slow: so many messages since the last frame were left out, the oldest first. */
  z.object({ type: z.literal('lag'), dropped: z.number().int().positive() }),
  z.object({ type: z.literal('filter'), severity: z.array(StoredSeverity) }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
]);
export type ConnectionMessage = Readonly<z.infer<typeof ConnectionMessage>>;

/** A frame is a JSON array: under load many messages share one. */
export const LiveFrame = z.array(z.union([LiveMessage, ConnectionMessage]));
export type LiveFrame = z.infer<typeof LiveFrame>;

/** What a client may say. */
export const ClientMessage = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auth'), token: z.string().regex(tokenPattern) }),
  /** Which events it wants; an empty list means all. Sessions, decisions and adaptations always come. */
  z.strictObject({ type: z.literal('filter'), severity: z.array(StoredSeverity).max(4) }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/** Close codes of our own (4000 and up are free for applications). */
export const liveClose = { unauthenticated: 4401, forbidden: 4403, badMessage: 4400, tooManyClients: 4429 } as const;
