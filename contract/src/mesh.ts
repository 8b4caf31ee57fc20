import { z } from 'zod';
import { AdaptationType } from './decision.ts';

/*
 * What a sensor and its hub say to each other, over TLS, always asked by the sensor, so that it works through NAT.
 * What comes from a sensor is as trustworthy as the honeypot beside it: it is bounded here, and counts for its name only.
 */

/** Given by the hub with the invitation; all that the sensor ships is stored under it. */
export const SensorName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'must be 1 to 63 of a-z 0-9 . _ -');

const secretForm = '[A-Za-z0-9_-]{43}';
/** Good once, for a day: what the invitation prints. */
export const invitationPattern = new RegExp(`^ci_${secretForm}$`);
/** Made by the sensor, of which the hub keeps the hash. */
export const sensorSecretPattern = new RegExp(`^cs_${secretForm}$`);

/** The beginning of the source id of what a sensor ships; an operator's sources never begin so. */
const sourcePrefix = 'sensor ';

/** The source of what a sensor of the mesh ships. */
export function sourceOfSensor(sensor: string): string {
  return `${sourcePrefix}${sensor}`;
}

/** The source of a token; of one that is bound, with the name that its lines get. */
export function sourceOfToken(tokenId: string, sensor: string | undefined): string {
  return sensor === undefined ? `pushed by ${tokenId}` : `pushed by ${tokenId} as ${sensor}`;
}

/** Whose lines a source holds; undefined for a source of the hub itself, and for a token that may speak for any sensor. */
export function sensorOfSource(sourceId: string): string | undefined {
  if (sourceId.startsWith(sourcePrefix)) return sourceId.slice(sourcePrefix.length);
  return /^pushed by \S+ as (\S+)$/.exec(sourceId)?.[1];
}

export const EnrolRequest = z.strictObject({
  invitation: z.string().regex(invitationPattern),
  secret: z.string().regex(sensorSecretPattern),
});
export type EnrolRequest = Readonly<z.infer<typeof EnrolRequest>>;
export const EnrolAnswer = z.object({ sensor: SensorName });
export type EnrolAnswer = Readonly<z.infer<typeof EnrolAnswer>>;

/** Sums of these stay finite, whatever a sensor says: JSON has no word for what is more. */
const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Offset = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const shippedType = 'application/x-ndjson';
/** Of one body as it is sent, and once it is inflated: one line of Cowrie's may have 13 MB. */
export const shippedBytesMax = 8 * 1024 * 1024;
export const shippedInflatedBytesMax = 16 * 1024 * 1024;

/** Where a body lies in the stream of all that this sensor ever shipped. Loose: other headers are not ours to judge. */
export const ShipHeaders = z.looseObject({
  'content-encoding': z.enum(['zstd', 'gzip']).optional(),
  'cerberus-spool': z.uuid(),
  'cerberus-start': Offset,
  /** Of bytes that the sensor does not have any more and never will; from there to `cerberus-start` is lost. */
  'cerberus-lost-from': Offset.optional(),
});

/** `durable`: all of the stream before this is stored. The sensor goes on there, whatever it believed. */
export const ShipAnswer = z.object({
  durable: z.number(),
  stored: z.number(),
  duplicate: z.number(),
  parked: z.number(),
});
export type ShipAnswer = Readonly<z.infer<typeof ShipAnswer>>;

/** What a sensor says of itself whenever it asks for orders. */
export const Heartbeat = z.strictObject({
  version: z.string().max(64),
  /** By its own clock. */
  sentAt: z.iso.datetime(),
  startedAt: z.iso.datetime(),
  log: z.strictObject({
    active: z.boolean(),
    unreadBytes: Count,
    lastLineAt: z.iso.datetime().nullable(),
    problem: z.string().max(1000).nullable(),
  }),
  /** Waiting on the sensor's disk. */
  spool: z.strictObject({ bytes: Count, bytesMax: Count }),
  /** Of Cowrie's log, gone before they could be read because the spool was full; since it was enrolled. */
  lost: z.strictObject({ times: Count, bytes: Count }),
  /** Whether orders can be carried out here. */
  prepared: z.boolean(),
  rssBytes: Count,
});
export type Heartbeat = Readonly<z.infer<typeof Heartbeat>>;

const base64Max = 1_400_000;
const Content = z.base64().max(base64Max);
/** A path inside Cowrie's world, or of one of its own files that adaptations know. The sensor allows no others. */
const OrderPath = z.string().max(1024);

const LookWanted = z.union([
  z.strictObject({ path: OrderPath, content: z.string().max(base64Max) }),
  z.strictObject({ command: z.string().max(4096), shows: z.string().max(base64Max) }),
]);

/**
 * One step of an adaptation. The hub thinks, writes down and decides; a sensor only looks and does, and every step may be
 * repeated.
 */
export const OrderStep = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('open') }),
  z.strictObject({ op: z.literal('read'), path: OrderPath }),
  z.strictObject({ op: z.literal('check_writable'), path: OrderPath }),
  z.strictObject({ op: z.literal('write'), path: OrderPath, content: Content }),
  /** A piece of a recording or a file, as an event told of it: from below the honeypot's own folder and no other place. */
  z.strictObject({
    op: z.literal('artifact'),
    kind: z.enum(['recording', 'download', 'upload']),
    path: z.string().max(4096),
    namedSha256: z.string().regex(/^[0-9a-f]{64}$/),
    offset: Offset,
  }),
  z.strictObject({ op: z.literal('explain_unreloadable') }),
  z.strictObject({ op: z.literal('reload') }),
  z.strictObject({ op: z.literal('look'), looks: z.array(LookWanted).max(64), probeKey: z.base64().max(128) }),
]);
export type OrderStep = Readonly<z.infer<typeof OrderStep>>;

export const Order = z.strictObject({ id: z.uuid(), deadlineSeconds: z.number().positive().max(120), step: OrderStep });
export type Order = Readonly<z.infer<typeof Order>>;

/** Held back until there is an order, for `holdSeconds` at most. */
export const PollAnswer = z.object({ sensor: SensorName, now: z.iso.datetime(), orders: z.array(Order).max(100) });
export type PollAnswer = Readonly<z.infer<typeof PollAnswer>>;

/** `result` is checked against the step that was ordered. */
export const OrderReport = z.union([
  z.strictObject({ id: z.uuid(), done: z.literal(true), result: z.unknown() }),
  z.strictObject({ id: z.uuid(), done: z.literal(false), why: z.string().max(2000) }),
]);
export type OrderReport = Readonly<z.infer<typeof OrderReport>>;
export const orderReportBytesMax = 2 * 1024 * 1024;

export const artifactPieceBytes = 1024 * 1024;
/** `size` is that of the whole file; `bytes` null: there is none. */
export const ArtifactPiece = z.strictObject({
  size: z.number().int().nonnegative(),
  bytes: z.base64().max(base64Max).nullable(),
});
export type ArtifactPiece = Readonly<z.infer<typeof ArtifactPiece>>;

/** What a prepared Cowrie is, as far as adaptations ask. */
export const OpenedCowrie = z.strictObject({
  dir: z.string().max(4096),
  persona: z.strictObject({ hostname: z.string().max(255), user: z.string().max(64), domain: z.string().max(255) }),
  /** Whether our plugin was put there. */
  plugin: z.boolean(),
  personaId: z.string().max(64).nullable(),
  personas: z
    .array(z.strictObject({ id: z.string().max(64), hostname: z.string().max(255), configSha256: z.string().max(64) }))
    .max(100),
  hotFiles: z
    .array(
      z.strictObject({ path: OrderPath, size: z.number().int().nonnegative().max(1_000_000), action: AdaptationType }),
    )
    .max(500),
});
export type OpenedCowrie = Readonly<z.infer<typeof OpenedCowrie>>;
