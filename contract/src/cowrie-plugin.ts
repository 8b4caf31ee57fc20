import { z } from 'zod';
import { AdaptationType } from './decision.ts';
import { LurePath } from './lure.ts';

// What is said over the socket of our Cowrie plugin: one JSON object per line. The other half, with the same bounds, is
// sensors/cowrie/plugin/cowrie/cerberus/messages.py.

export const pluginProtocol = 1;
/** Of one line to the plugin. */
export const pluginLineBytesMax = 1 << 20;
/** Of one line from it: the longest is the list of live sessions. */
export const pluginAnswerBytesMax = 1 << 20;

/** Cowrie's own id of a session. */
const SessionId = z.string().regex(/^[0-9a-f-]{1,64}$/);

export const PluginFile = z.strictObject({
  trap: z.string().regex(/^[A-Z][A-Z0-9_]{1,63}$/),
  path: LurePath,
  /** Base64 of at most 64 KiB. */
  content: z.base64().max(87_384),
  mode: z.number().int().min(0).max(0o7777),
  uid: z.number().int().min(0).max(65_535),
  gid: z.number().int().min(0).max(65_535),
  /** Seconds since 1970. */
  changedAt: z
    .number()
    .int()
    .min(0)
    .max(2 ** 33),
});
export type PluginFile = Readonly<z.infer<typeof PluginFile>>;

/** What the engine asks; each but `ack` is answered by `done` or `refused` of the same id. */
export const PluginRequest = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('arm'),
    traps: z.array(z.strictObject({ name: z.string(), words: z.array(z.string().min(2).max(100)).max(64) })).max(64),
    /** The attackers of the control group: those whose HMAC-SHA256 begins with a 32-bit number below the share of all. */
    spared: z.strictObject({ share: z.number().min(0).max(1), key: z.hex().max(128) }).nullable(),
    /** Networks of our own people. */
    never: z.array(z.string().max(64)).max(1_000).default([]),
  }),
  z.strictObject({ op: z.literal('disarm') }),
  z.strictObject({ op: z.literal('stock'), kit: z.uuid(), files: z.array(PluginFile).max(64) }),
  z.strictObject({ op: z.literal('plant'), session: SessionId, files: z.array(PluginFile).max(64) }),
  z.strictObject({ op: z.literal('expect'), version: z.string().max(210) }),
  z.strictObject({ op: z.literal('sessions') }),
  z.strictObject({ op: z.literal('reload') }),
]);
export type PluginRequest = Readonly<z.input<typeof PluginRequest>>;

/** A file as the visitor's own `ls` and `cat` show it. */
export const SeenFile = z.object({
  path: z.string().max(2_000),
  size: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type SeenFile = Readonly<z.infer<typeof SeenFile>>;

/** A visitor asked for something, and found it. Said again until it is acknowledged. */
export const Planted = z.object({
  op: z.literal('planted'),
  seq: z.number().int(),
  kit: z.guid(),
  trap: AdaptationType,
  session: SessionId,
  src_ip: z.string().max(64),
  protocol: z.string().max(16),
  /** Seconds since 1970, of the event. */
  at: z.number(),
  input: z.string().max(500),
  files: z.array(SeenFile).max(64),
  kitsLeft: z.number().int(),
});
export type Planted = Readonly<z.infer<typeof Planted>>;

const Hello = z.object({
  op: z.literal('hello'),
  protocol: z.number().int(),
  cowrie: z.string().max(64),
  sensor: z.string().max(255),
});
export type Hello = Readonly<z.infer<typeof Hello>>;

const Done = z.object({
  op: z.literal('done'),
  id: z.number().int(),
  files: z.array(SeenFile).max(1_024).optional(),
  sessions: z.array(SessionId).max(50_000).optional(),
  kitsLeft: z.number().int().optional(),
  hostname: z.string().max(255).optional(),
  sshVersion: z.string().max(255).optional(),
});
export type Done = Readonly<z.infer<typeof Done>>;

const Refused = z.object({ op: z.literal('refused'), id: z.number().int(), why: z.string().max(2_000) });

export const PluginMessage = z.discriminatedUnion('op', [Hello, Done, Refused, Planted]);
export type PluginMessage = Readonly<z.infer<typeof PluginMessage>>;
