import { z } from 'zod';

/**
 * What happened, told apart by `kind`. Names are the product's, not Cowrie's: a reader per event id in
 * `engine/src/normalize` translates, so that a decoy or another honeypot can say the same things.
 */
export const EventDetail = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('connect') }),
  z.object({ kind: z.literal('closed'), durationMs: z.number().nullable() }),
  z.object({ kind: z.literal('client'), version: z.string().optional(), hassh: z.string().optional() }),
  z.object({
    kind: z.literal('login'),
    succeeded: z.boolean(),
    username: z.string(),
    /** Absent for public keys and for "none" authentication. */
    password: z.string().optional(),
    keyFingerprint: z.string().optional(),
  }),
  z.object({
    kind: z.literal('command'),
    input: z.string(),
    /** `typed` is what the visitor sent; the others are the honeypot's later word on the same command. */
    phase: z.enum(['typed', 'found', 'missing']),
    /** Set when the text was the standard input of a running command (`grep`, `python`, `chpasswd` …). */
    realm: z.string().optional(),
  }),
  z.object({ kind: z.literal('input'), realm: z.string(), input: z.string() }),
  z.object({
    kind: z.literal('transfer'),
    direction: z.enum(['download', 'upload']),
    succeeded: z.boolean(),
    url: z.string().optional(),
    sha256: z.string().optional(),
    path: z.string().optional(),
    /** Where the honeypot keeps it. */
    keptAs: z.string().optional(),
    /** The honeypot had one of this hash already. */
    isRepeat: z.boolean().optional(),
  }),
  z.object({
    kind: z.literal('tunnel'),
    /** `asked` a forward was requested, `sent` bytes went into it. */
    phase: z.enum(['asked', 'sent']),
    host: z.string(),
    port: z.number(),
    text: z.string().optional(),
  }),
  z.object({
    kind: z.literal('recording'),
    path: z.string(),
    sha256: z.string().optional(),
    /** The honeypot had one of this name already, and kept that one. */
    isRepeat: z.boolean().optional(),
    durationMs: z.number().nullable(),
  }),
  z.object({ kind: z.literal('exploit'), name: z.string(), succeeded: z.boolean(), text: z.string().optional() }),
  /** A call of a cloud's own interface, as its log tells it. */
  z.object({
    kind: z.literal('api_call'),
    service: z.string(),
    operation: z.string(),
    accessKeyId: z.string().optional(),
    refused: z.boolean(),
  }),
  /** Known but without meaning for an assessment, or never seen before: kept whole, never dropped. */
  z.object({ kind: z.literal('generic') }),
]);
export type EventDetail = z.infer<typeof EventDetail>;

/** One thing that a sensor saw. `id` is made of the event's time and its line's content, so a line read twice is one event. */
export const SensorEvent = z.object({
  id: z.uuid(),
  eventType: z.string(),
  /** ISO 8601 with microseconds, always UTC. */
  timestamp: z.string(),
  epochMs: z.number(),
  sensor: z.string(),
  sessionId: z.string().nullable(),
  protocol: z.string().nullable(),
  sourceIp: z.string().nullable(),
  sourcePort: z.number().nullable(),
  /** True where the honeypot wrote the event after the connection had ended. */
  late: z.boolean(),
  detail: EventDetail,
});
export type SensorEvent = Readonly<z.infer<typeof SensorEvent>>;
